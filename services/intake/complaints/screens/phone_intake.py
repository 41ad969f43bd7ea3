"""The officer's form: one screen, typed while somebody talks; the number comes at once."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.complaints.commands import receiving
from services.intake.complaints.domain.complaint import Channel
from services.intake.complaints.schemas import ComplaintIn
from services.intake.context import Ctx, PageCtx, PageReading, PageWriting
from services.intake.presentation import WORDS, beside, choices, templates
from shared.clock import AMSTERDAM
from shared.contracts.intake import Urgency
from shared.participants import names_for
from shared.product.roles import Scope
from shared.ui.forms import Form

router = APIRouter()


def with_moment(form: Form) -> Form:
    """The form with its day and its time as one moment; a day without a time begins at midnight."""
    day, clock = form.text("datum"), form.text("tijd")
    if not day and not clock:
        return form
    return form.filled({"signaaltijdstip": f"{day} {clock or '00:00'}".strip()})


@router.get("/klachten/nieuw")
async def new(ctx: PageReading) -> Response:
    """The empty form, with the present moment filled in."""
    now = ctx.now.astimezone(AMSTERDAM)
    start = {"datum": now.date().isoformat(), "tijd": f"{now:%H:%M}", "terugkoppeling": "ja"}
    return await _page(ctx, Form(start), 200)


@router.post("/klachten/nieuw")
async def take(sent: PageWriting) -> Response:
    """Take it in, and go on to where it belongs."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = with_moment(form).read(ComplaintIn, WORDS)
        taken = await receiving.receive(body.command(), ctx)
        return f"/intake/klachten/{taken.id}/koppelen?gedaan=ontvangen"

    return await sent.submit(act, otherwise=_page)


async def _page(ctx: PageCtx, form: Form, status: int) -> Response:
    ctx.require(Scope.COMPLAINTS_WRITE)
    reference = await ctx.kit.reference.get(ctx.rows)
    return templates.page(
        ctx.request,
        "intake/nieuw.html",
        status_code=status,
        form=beside(form),
        categories=[(entry.code, entry.name) for entry in reference.categories_on(ctx.today)],
        channels=choices(Channel),
        urgencies=choices(Urgency),
        participants=names_for(ctx.request).choices(ctx.caller.sees),
    )

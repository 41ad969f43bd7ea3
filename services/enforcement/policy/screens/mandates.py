"""The mandate register on screen: who decides in the name of whom, up to what, and since when."""

from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from services.enforcement.context import Ctx, PageCtx, PageReading, PageWriting
from services.enforcement.measures.domain.measure import ARTICLES
from services.enforcement.policy import commands, queries
from services.enforcement.policy.queries import MandateRow
from services.enforcement.policy.schemas import MandateIn
from services.enforcement.presentation import (
    Identity,
    one_of,
    page_links,
    participants_of,
    templates,
    words_in,
)
from shared.contracts.enforcement import Instrument
from shared.http.paging import Page
from shared.product.roles import Role, Scope
from shared.ui.forms import Form

router = APIRouter()
ROOT: Final = "/enforcement/mandaten"
POWERS: Final = [(str(each), str(each).capitalize()) for each in Instrument]
FUNCTIONS: Final = [
    (str(each), str(each).capitalize())
    for each in Role
    if each not in {Role.PARTICIPANT, Role.SYSTEM, Role.FUNCTIONAL_ADMINISTRATOR, Role.OPERATOR}
]


def _standing(found: MandateRow, today: date) -> tuple[str, str]:
    """In a word whether it holds, with its tone."""
    if found.exclusion:
        return "Uitgesloten", "bad"
    if found.valid_on(today):
        return "Geldt", "good"
    return ("Geldt nog niet", "info") if found.valid_from > today else ("Verlopen", "neutral")


@router.get("/mandaten")
async def listed(ctx: PageReading, page: Page) -> Response:
    """The register, by participant and power."""
    chosen = {name: words_in(ctx, name)[:60] for name in ("deelnemer", "bevoegdheid")}
    participants = participants_of(ctx)
    found = await queries.register(
        page,
        ctx,
        participant=one_of(chosen["deelnemer"], dict(participants)),
        power=one_of(chosen["bevoegdheid"], dict(POWERS)),
    )
    return templates.page(
        ctx.request,
        "enforcement/mandaten.html",
        mandates=[(row, _standing(row, ctx.today)) for row in found],
        chosen=chosen,
        participants=participants,
        powers=POWERS,
        may_register=ctx.caller.may(Scope.MANDATES_MANAGE),
        **page_links(ctx, page, found.next_key),
    )


@router.get("/mandaten/nieuw")
async def new(ctx: PageReading) -> Response:
    """An empty form, from today."""
    return await _form(ctx, Form({"geldigVanaf": ctx.today.isoformat()}))


@router.post("/mandaten/nieuw")
async def register(sent: PageWriting) -> Response:
    """Add it to the register, and show it."""

    async def act(form: Form, ctx: Ctx) -> str:
        registered = await commands.register_mandate(form.read(MandateIn).command(), ctx)
        return f"{ROOT}/{registered.id}"

    return await sent.submit(act, otherwise=_form)


async def _form(ctx: PageCtx, form: Form, status: int = 200) -> Response:
    ctx.require(Scope.MANDATES_MANAGE)
    return templates.page(
        ctx.request,
        "enforcement/mandaat_formulier.html",
        status_code=status,
        form=form,
        participants=participants_of(ctx),
        powers=POWERS,
        functions=FUNCTIONS,
        articles=sorted(set(ARTICLES.values())),
    )


@router.get("/mandaten/{id}")
async def one(ctx: PageReading, identity: Identity) -> Response:
    """One row of the register."""
    row = await queries.mandate_row(identity, ctx)
    return templates.page(
        ctx.request,
        "enforcement/mandaat.html",
        mandate=row,
        standing=_standing(row, ctx.today),
    )

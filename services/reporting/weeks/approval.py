"""Weeks that wait for approval, each with its lines beside the two buttons."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Ctx, PageCtx, PageReading, PageWriting
from services.reporting.dependencies import Done, SheetId
from services.reporting.presentation import templates
from services.reporting.prices.queries import parameter_on
from services.reporting.weeks import commands, queries
from services.reporting.weeks.commands import ApproveWeek
from services.reporting.weeks.domain import week_of
from services.reporting.weeks.schemas import ReasonIn
from shared.http.paging import Page, Paging
from shared.ui.forms import FieldError, Form
from shared.ui.reading import Words

router = APIRouter()
HERE = "/reporting/uren/goedkeuren"
WORDS = Words(missing={"reden": "Schrijf op wat er anders moet."})
DONE = {"goedgekeurd": "De weekstaat is goedgekeurd.", "afgewezen": "De weekstaat is afgewezen."}


@router.get("/uren/goedkeuren")
async def waiting(ctx: PageReading, page: Page, done: Done = "") -> Response:
    """What others handed in, the newest week first."""
    return await _page(ctx, Form(), page=page, notice=DONE.get(done, ""))


@router.post("/uren/goedkeuren/{weekstaatId}")
async def judge(sheet_id: SheetId, sent: PageWriting, page: Page) -> Response:
    """Approve the week, or send it back with a reason."""

    async def act(form: Form, ctx: Ctx) -> str:
        if form.text("actie") == "goedkeuren":
            await commands.approve(ApproveWeek(sheet_id, form.version), ctx)
            return f"{HERE}?gedaan=goedgekeurd"
        await commands.reject(form.read(ReasonIn, WORDS).command(sheet_id, form.version), ctx)
        return f"{HERE}?gedaan=afgewezen"

    return await sent.submit(act, otherwise=partial(_page, page=page, sheet_id=sheet_id))


async def _page(
    ctx: PageCtx,
    form: Form,
    status: int = 200,
    *,
    page: Paging,
    notice: str = "",
    sheet_id: UUID | None = None,
) -> Response:
    sheets = await queries.waiting(page, ctx)
    lines = {sheet.id: await queries.lines_of(sheet.id, ctx) for sheet in sheets}
    week = await parameter_on(ctx.rows, "werkweek", ctx.today)
    return templates.page(
        ctx.request,
        "reporting/goedkeuren.html",
        status_code=status,
        form=_beside(form, sheet_id),
        sheets=sheets,
        lines=lines,
        week_of=week_of,
        expected=week["minuten"] if week else 0,
        notice=notice,
        next_href=page.next_url(sheets.next_key) if sheets.next_key else "",
    )


def _beside(form: Form, sheet_id: UUID | None) -> Form:
    """The form with its messages at the reason of the week that was judged."""
    if sheet_id is None:
        return form
    problems = [
        FieldError(f"reden-{sheet_id}" if each.name == "reden" else each.name, each.text)
        for each in form.problems
    ]
    return Form(form.fields, form.files, tuple(problems), form.message, form.key)

"""The week sheet: a grid that is filled with the keyboard and works without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.context import Ctx, PageCtx, PageReading, PageWriting
from services.reporting.dependencies import Done
from services.reporting.participants.queries import ParticipantRow, everybody
from services.reporting.periods.locks import closed_until
from services.reporting.presentation import TONES, templates
from services.reporting.prices.queries import parameter_on
from services.reporting.products.queries import ProductRow, products_of
from services.reporting.weeks import commands, grid, queries
from services.reporting.weeks.commands import WriteWeek, blank
from services.reporting.weeks.domain import Sheet, State, monday_of, week_of
from services.reporting.weeks.queries import CaseRow, HistoryRow, LineRow
from shared.calendar import holidays
from shared.errors import Refused
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.idempotency import go

router = APIRouter()
WeekQuery = Annotated[str | None, Query(alias="week", max_length=8)]
DONE = {"bewaard": "De weekstaat is bewaard.", "ingediend": "De weekstaat is ingediend."}


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the page of a week draws."""

    sheet: Sheet
    exists: bool
    lines: Sequence[LineRow]
    taken_back: Sequence[LineRow]
    history: Sequence[HistoryRow]
    suggested: Sequence[CaseRow]
    products: Sequence[ProductRow]
    participants: Sequence[ParticipantRow]
    expected: int
    older: str | None
    closed_until: date | None

    @property
    def corrections(self) -> list[LineRow]:
        """Lines that correct a closed month; they are not changed here."""
        return [line for line in self.lines if line.booked_on != line.work_date]

    @property
    def ordinary(self) -> list[LineRow]:
        """Lines that the grid holds."""
        return [line for line in self.lines if line.booked_on == line.work_date]


@router.get("/uren")
async def week(ctx: PageReading, week: WeekQuery = None, done: Done = "") -> Response:
    """The week of the address, else the oldest that waits, else the present one."""
    if not ctx.caller.may(Scope.HOURS_WRITE):
        return go("/reporting/deelnemers")
    monday = monday_of(week) if week else await _first_to_do(ctx)
    shown = await _shown(monday, ctx)
    form = Form(grid.fields_of(shown.sheet, shown.ordinary, shown.suggested))
    return _page(ctx, shown, form, notice=DONE.get(done, ""))


@router.post("/uren")
async def save(sent: PageWriting, week: str) -> Response:
    """Keep the grid, and hand it in when that button was pressed."""
    monday = monday_of(week)
    submit = sent.form.text("actie") == "indienen"
    written = grid.read(sent.form, blank(sent.caller.employee, monday).days)

    async def act(form: Form, ctx: Ctx) -> str:
        entries = grid.require_readable(written)
        await commands.write(WriteWeek(monday, form.version, entries, submit), ctx)
        done = "ingediend" if submit else "bewaard"
        return f"/reporting/uren?week={week_of(monday)}&gedaan={done}"

    try:
        return await sent.submit(act)
    except Refused as refusal:
        refused = sent.form.refused(refusal, written.names)
        return await sent.show(partial(_again, monday=monday), refused, refusal.status)


async def _again(ctx: PageCtx, form: Form, status: int, *, monday: date) -> Response:
    """The same page with what was typed and what is wrong."""
    return _page(ctx, await _shown(monday, ctx), form, status=status)


async def _first_to_do(ctx: PageCtx) -> date:
    monday = ctx.today - timedelta(days=ctx.today.weekday())
    return await queries.oldest_open_week(monday, ctx) or monday


async def _shown(monday: date, ctx: PageCtx) -> Shown:
    empty = blank(ctx.caller.employee, monday)
    stored = await queries.own_week(empty.id, ctx)
    sheet = stored.sheet.sheet() if stored else empty
    week = await parameter_on(ctx.rows, "werkweek", ctx.today)
    this = ctx.today - timedelta(days=ctx.today.weekday())
    older = await queries.oldest_open_week(min(monday, this), ctx)
    editable = sheet.state is State.OPEN
    return Shown(
        sheet=sheet,
        exists=stored is not None,
        lines=stored.lines if stored else (),
        taken_back=await queries.taken_back(sheet.id, ctx) if stored else (),
        history=await queries.history_of(sheet.id, ctx) if stored else (),
        suggested=await queries.suggestions(monday, ctx) if editable else (),
        products=await products_of(monday, ctx),
        participants=await everybody(ctx),
        expected=week["minuten"] if week else 0,
        older=week_of(older) if older else None,
        closed_until=await closed_until(ctx.rows),
    )


def _page(
    ctx: PageCtx, shown: Shown, form: Form, *, notice: str = "", status: int = 200
) -> Response:
    sheet = shown.sheet
    rows = grid.rows_in(form)
    return templates.page(
        ctx.request,
        "reporting/week.html",
        status_code=status,
        form=form,
        shown=shown,
        sheet=sheet,
        rows=rows if sheet.state is State.OPEN else [row for row in rows if row.minutes],
        editable=sheet.state is State.OPEN,
        version=sheet.version if shown.exists else 0,
        tone=TONES[sheet.state],
        notice=notice,
        today=ctx.today,
        totals=_totals(rows),
        history=[
            {"when": note.at, "what": note.action.capitalize(), "text": note.reason}
            for note in shown.history
        ],
        free_days={**holidays(sheet.starts_on.year), **holidays(sheet.days[-1].year)},
        previous=week_of(sheet.starts_on - timedelta(days=7)),
        following=week_of(sheet.starts_on + timedelta(days=7)),
        is_present=ctx.today in sheet.days,
        product_names={row.code: row.name for row in shown.products},
        participant_names={row.code: row.name for row in shown.participants},
        product_options=[(row.code, f"{row.code} {row.name}") for row in shown.products],
        participant_options=[(row.code, row.name) for row in shown.participants],
        approves=ctx.caller.may(Scope.HOURS_APPROVE),
    )


def _totals(rows: Sequence[grid.GridRow]) -> list[int]:
    return [sum(grid.minutes_in(row.cells[day]) or 0 for row in rows) for day in range(7)]

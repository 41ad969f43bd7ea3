"""Closing a month, and correcting a line of a closed one."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Ctx, PageCtx, PageReading, PageWriting
from services.reporting.dependencies import Done, LineId
from services.reporting.periods import commands, queries
from services.reporting.periods.schemas import CorrectionIn, MonthIn
from services.reporting.presentation import WORDS, clock, templates
from services.reporting.weeks.domain import week_of
from shared.calendar import MONTHS
from shared.ui.forms import Form

router = APIRouter()
HERE = "/reporting/uren/afsluiten"
MONTHS_BACK = 24


@router.get("/uren/afsluiten")
async def months(ctx: PageReading, done: Done = "") -> Response:
    """What is closed, what comes next and what stands in its way."""
    return await _months(ctx, Form(), notice="De maand is afgesloten." if done else "")


@router.post("/uren/afsluiten")
async def close(sent: PageWriting) -> Response:
    """Close the month for good."""

    async def act(form: Form, ctx: Ctx) -> str:
        await commands.close(form.read(MonthIn, WORDS).command(), ctx)
        return f"{HERE}?gedaan=ja"

    return await sent.submit(act, otherwise=_months)


async def _months(ctx: PageCtx, form: Form, status: int = 200, *, notice: str = "") -> Response:
    closed = await queries.closed_months(ctx)
    options = _choices(closed[0].month if closed else None, ctx.today)
    return templates.page(
        ctx.request,
        "reporting/afsluiten.html",
        status_code=status,
        form=form,
        closed=closed,
        open_lines=await queries.unapproved_by_month(ctx),
        options=[(month.isoformat(), name_of(month)) for month in options],
        name_of=name_of,
        notice=notice,
    )


def name_of(month: date) -> str:
    """November 2026."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def _choices(last: date | None, today: date) -> list[date]:
    """The month after the last closed one; before the first close, any that is over."""
    this = today.replace(day=1)
    if last is not None:
        following = (last + timedelta(days=31)).replace(day=1)
        return [following] if following < this else []
    choices = []
    for _ in range(MONTHS_BACK):
        this = (this - timedelta(days=1)).replace(day=1)
        choices.append(this)
    return choices


@router.get("/uren/regels/{urenregelId}/correctie")
async def line(line_id: LineId, ctx: PageReading) -> Response:
    """A closed line, and what it should have been."""
    return await _line(ctx, Form(), line_id=line_id)


@router.post("/uren/regels/{urenregelId}/correctie")
async def correct(line_id: LineId, sent: PageWriting) -> Response:
    """Reverse the line in the present week."""

    async def act(form: Form, ctx: Ctx) -> str:
        week = await commands.correct(form.read(CorrectionIn, WORDS).command(line_id), ctx)
        own = week.sheet.employee == ctx.caller.employee
        return f"/reporting/uren?week={week_of(week.sheet.starts_on)}" if own else HERE

    return await sent.submit(act, otherwise=partial(_line, line_id=line_id))


async def _line(ctx: PageCtx, form: Form, status: int = 200, *, line_id: UUID) -> Response:
    found = await queries.line_to_correct(line_id, ctx)
    return templates.page(
        ctx.request,
        "reporting/correctie.html",
        status_code=status,
        form=form,
        line=found,
        now=clock(found.minutes),
    )

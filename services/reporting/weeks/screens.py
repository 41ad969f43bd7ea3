"""The week sheet: a grid that is filled with the keyboard and works without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.reporting.cases import queries as cases
from services.reporting.participants import queries as participants_queries
from services.reporting.periods import store as periods_store
from services.reporting.presentation import (
    TONES,
    Done,
    HoursReader,
    HoursWriter,
    templates,
    version_in,
)
from services.reporting.prices import queries as prices_queries
from services.reporting.products import queries as products_queries
from services.reporting.weeks import commands as handlers
from services.reporting.weeks import grid
from services.reporting.weeks import queries as hours
from services.reporting.weeks import store as repository
from services.reporting.weeks.commands import FillWeek
from services.reporting.weeks.domain import Sheet, State, monday_of, week_of
from shared.auth.caller import Caller
from shared.calendar import holidays
from shared.clock import local_date
from shared.db.database import Database
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused, VersionConflict
from shared.http.dependencies import Db
from shared.product.roles import Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, go, once

router = APIRouter()
WeekQuery = Annotated[str | None, Query(alias="week", max_length=8)]
DONE = {"bewaard": "De weekstaat is bewaard.", "ingediend": "De weekstaat is ingediend."}


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the page of a week draws."""

    sheet: Sheet
    exists: bool
    lines: Sequence[Row]
    history: Sequence[Row]
    suggested: Sequence[Row]
    products: Sequence[Row]
    participants: Sequence[Row]
    expected: int
    older: str | None
    closed_until: date | None

    @property
    def corrections(self) -> list[Row]:
        """Lines that correct a closed month; they are not changed here."""
        return [line for line in self.lines if line["corrects"]]

    @property
    def ordinary(self) -> list[Row]:
        """Lines that the grid holds."""
        return [line for line in self.lines if not line["corrects"]]


@router.get("/uren")
async def week(
    request: Request, caller: HoursReader, db: Db, week: WeekQuery = None, done: Done = ""
) -> Response:
    """The week of the address, else the oldest that waits, else the present one."""
    if not caller.may(Scope.HOURS_WRITE):
        return go("/reporting/deelnemers")
    today = local_date(db.clock.now())
    async with db.read() as rows:
        monday = monday_of(week) if week else await _first_to_do(rows, caller.employee, today)
        shown = await _shown(rows, caller, monday, today)
    form = Form(grid.fields_of(shown.sheet, shown.ordinary, shown.suggested))
    return _page(request, caller, shown, form, today, notice=DONE.get(done, ""))


@router.post("/uren")
async def save(request: Request, caller: HoursWriter, db: Db, week: str) -> Response:
    """Keep the grid, and hand it in when that button was pressed."""
    form = await read_form(request)
    monday = monday_of(week)
    submit = form.text("actie") == "indienen"
    names: dict[str, str] = {}

    async def act(work: UnitOfWork) -> str:
        await _save(form, monday, caller, work, names, submit=submit)
        done = "ingediend" if submit else "bewaard"
        return f"/reporting/uren?week={week_of(monday)}&gedaan={done}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        return await _again(request, caller, db, monday, form.refused(refusal, names), refusal)


async def _save(
    form: Form,
    monday: date,
    caller: Caller,
    work: UnitOfWork,
    names: dict[str, str],
    *,
    submit: bool,
) -> None:
    sheet = await handlers.own_week(monday, caller, work)
    seen = version_in(form)
    if seen != sheet.version and not (seen == 0 and sheet.version == 1 and not sheet.minutes):
        raise VersionConflict("Deze weekstaat", expected=seen, found=sheet.version)
    typed = await _cases_typed(form, work)
    read = grid.read(form, sheet.days, typed)
    names.update(read.names)
    filled = await handlers.fill(FillWeek(sheet.id, sheet.version, read.entries), caller, work)
    if submit:
        await work.flush()
        await handlers.submit(filled.id, filled.version, caller, work)


async def _cases_typed(form: Form, rows: Rows) -> dict[str, UUID]:
    numbers = {row.facts["zaaknummer"] for row in grid.rows_in(form) if not row.facts["zaak"]}
    found: dict[str, UUID] = {}
    for number in sorted(numbers - {""}):
        if case := await cases.case_by_number(rows, number):
            found[number.upper()] = case["id"]
    return found


async def _again(
    request: Request, caller: Caller, db: Database, monday: date, form: Form, refusal: Refused
) -> Response:
    """The same page with what was typed and what is wrong."""
    today = local_date(db.clock.now())
    async with db.read() as rows:
        shown = await _shown(rows, caller, monday, today)
    return _page(request, caller, shown, form, today, status=refusal.status)


async def _first_to_do(rows: Rows, employee: UUID, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return await hours.oldest_open_week(rows, employee, monday) or monday


async def _shown(rows: Rows, caller: Caller, monday: date, today: date) -> Shown:
    blank = handlers.blank(caller.employee, monday)
    sheet = await repository.find_sheet(rows, blank.id)
    week = await prices_queries.parameter_on(rows, "werkweek", today)
    this = today - timedelta(days=today.weekday())
    older = await hours.oldest_open_week(rows, caller.employee, min(monday, this))
    open_now = sheet is None or sheet.state is State.OPEN
    return Shown(
        sheet=sheet or blank,
        exists=sheet is not None,
        lines=await hours.lines_of(rows, sheet.id) if sheet else (),
        history=await hours.history_of(rows, sheet.id) if sheet else (),
        suggested=await hours.suggestions(rows, caller.employee, monday) if open_now else (),
        products=await products_queries.products(rows, monday),
        participants=await participants_queries.participants(rows, None),
        expected=week["minuten"] if week else 0,
        older=week_of(older) if older else None,
        closed_until=await periods_store.closed_until(rows),
    )


def _page(
    request: Request,
    caller: Caller,
    shown: Shown,
    form: Form,
    today: date,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    sheet = shown.sheet
    rows = grid.rows_in(form)
    return templates.page(
        request,
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
        today=today,
        totals=_totals(rows),
        history=[
            {"when": note["at"], "what": note["action"].capitalize(), "text": note["reason"]}
            for note in shown.history
        ],
        free_days={**holidays(sheet.starts_on.year), **holidays(sheet.days[-1].year)},
        previous=week_of(sheet.starts_on - timedelta(days=7)),
        following=week_of(sheet.starts_on + timedelta(days=7)),
        is_present=today in sheet.days,
        product_names={row["code"]: row["name"] for row in shown.products},
        participant_names={row["code"]: row["name"] for row in shown.participants},
        product_options=[(row["code"], f"{row['code']} {row['name']}") for row in shown.products],
        participant_options=[(row["code"], row["name"]) for row in shown.participants],
        approves=caller.may(Scope.HOURS_APPROVE),
    )


def _totals(rows: Sequence[grid.GridRow]) -> list[int]:
    return [sum(grid.minutes_in(row.cells[day]) or 0 for row in rows) for day in range(7)]

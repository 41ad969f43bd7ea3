"""Closing a month, and correcting a line of a closed one."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.reporting.periods import commands as closing
from services.reporting.periods import queries as periods_queries
from services.reporting.presentation import Done, HoursWriter, Identity, templates
from services.reporting.weeks.domain import week_of
from services.reporting.weeks.grid import clock, minutes_in
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.clock import local_date
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Forbidden, Refused, invalid
from shared.http.dependencies import Db
from shared.product.roles import Scope
from shared.ui.formats import MONTHS
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
HERE = "/reporting/uren/afsluiten"
MONTHS_BACK = 24
Controller = Annotated[Caller, page_caller(Scope.BUDGETS_MANAGE)]


@router.get("/uren/afsluiten")
async def months(request: Request, caller: Controller, db: Db, done: Done = "") -> Response:
    """What is closed, what comes next and what stands in its way."""
    return await _months(request, db, Form(), notice="De maand is afgesloten." if done else "")


@router.post("/uren/afsluiten")
async def close(request: Request, caller: Controller, db: Db) -> Response:
    """Close the month for good."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        await closing.close_month(_month(form.text("maand")), work)
        return f"{HERE}?gedaan=ja"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        return await _months(request, db, form.refused(refusal), status=refusal.status)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text).replace(day=1)
    except ValueError:
        raise invalid("maand", "maand", "Kies een maand.") from None


async def _months(
    request: Request, db: Database, form: Form, *, notice: str = "", status: int = 200
) -> Response:
    today = local_date(db.clock.now())
    async with db.read() as rows:
        closed = await periods_queries.closed_months(rows)
        open_lines = await periods_queries.unapproved_by_month(rows)
    options = _choices(closed[0]["month"] if closed else None, today)
    return templates.page(
        request,
        "reporting/afsluiten.html",
        status_code=status,
        form=form,
        closed=closed,
        open_lines=open_lines,
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
    found = []
    for _ in range(MONTHS_BACK):
        this = (this - timedelta(days=1)).replace(day=1)
        found.append(this)
    return found


@router.get("/uren/regels/{id}/correctie")
async def line(request: Request, caller: HoursWriter, db: Db, identity: Identity) -> Response:
    """A closed line, and what it should have been."""
    return await _line(request, caller, db, identity, Form())


@router.post("/uren/regels/{id}/correctie")
async def correct(request: Request, caller: HoursWriter, db: Db, identity: Identity) -> Response:
    """Reverse the line in the present week."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        sheet = await closing.correct(_correction(identity, form), caller, work)
        own = sheet.employee == caller.employee
        return f"/reporting/uren?week={week_of(sheet.starts_on)}" if own else HERE

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal)
        return await _line(request, caller, db, identity, refused, refusal.status)


def _correction(identity: Identity, form: Form) -> closing.CorrectLine:
    minutes = minutes_in(form.text("minuten"))
    if minutes is None:
        raise invalid("minuten", "tijd", "Schrijf de tijd als 7:30 of 7,5; 0 haalt alles weg.")
    reason = form.text("reden")
    if not 1 <= len(reason) <= 500:
        raise invalid("reden", "verplicht", "Schrijf op wat er verkeerd was.")
    return closing.CorrectLine(identity, minutes, reason)


async def _line(
    request: Request,
    caller: Caller,
    db: Database,
    identity: Identity,
    form: Form,
    status: int = 200,
) -> Response:
    async with db.read() as rows:
        found = await periods_queries.line(rows, identity)
    if found["employee"] != caller.employee and not caller.may(Scope.BUDGETS_MANAGE):
        raise Forbidden("Dit is een urenregel van iemand anders.")
    return templates.page(
        request,
        "reporting/correctie.html",
        status_code=status,
        form=form,
        line=found,
        now=clock(found["minutes"]),
    )

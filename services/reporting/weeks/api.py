"""Week sheets: open, fill, hand in, judge; and the close of a month."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.dependencies import (
    Approver,
    HoursReader,
    HoursWriter,
    Identity,
    require_agency,
)
from services.reporting.fields import Week
from services.reporting.weeks import commands as handlers
from services.reporting.weeks import queries as views
from services.reporting.weeks.commands import FillWeek
from services.reporting.weeks.domain import Sheet, State, monday_of
from services.reporting.weeks.schemas import LinesIn, ReasonIn, WeekIn, WeekLinesOut, WeekOut
from shared.auth.caller import Caller
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Forbidden
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Wire
from shared.product.roles import Scope

router = APIRouter(tags=["Weekstaten"])


class Weeks(Wire):
    """Week sheets."""

    results: tuple[WeekOut, ...]


@router.get(
    "/weekstaten", summary="Lijst weekstaten", operation_id="lijstWeekstaten", response_model=Weeks
)
async def weeks(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    week: Annotated[Week | None, Query(alias="week", description="ISO-week, als 2026-W48")] = None,
    employee: Annotated[
        UUID | None, Query(alias="medewerker", description="Pseudoniem van de medewerker")
    ] = None,
    state: Annotated[State | None, Query(alias="status", description="Status")] = None,
) -> Response:
    """De eigen weekstaten, nieuwste eerst; wie goedkeurt ziet die van iedereen."""
    require_agency(caller)
    filters = {
        "employee": employee if caller.may(Scope.HOURS_APPROVE) else caller.employee,
        "starts_on": monday_of(week) if week else None,
        "state": state,
    }
    found, next_key = await views.SHEETS.page(rows, page, filters)
    return listing([WeekOut.of(row) for row in found], page, next_key=next_key)


@router.post(
    "/weekstaten",
    summary="Open een weekstaat",
    operation_id="maakWeekstaat",
    status_code=201,
    response_model=WeekLinesOut,
    responses=problems(400, 403, 409),
)
async def open_week(caller: HoursWriter, body: WeekIn, work: Writing, once: Once) -> Response:
    """Een lege weekstaat voor uzelf."""
    require_agency(caller)
    sheet = await handlers.open_week(monday_of(body.week), caller, work)
    await work.flush()
    model = await _whole(work, sheet.id)
    where = f"/reporting/v1/weekstaten/{sheet.id}"
    return once.answer(work, model, status=201, version=1, location=where)


@router.get(
    "/weekstaten/{id}",
    summary="Lees een weekstaat",
    operation_id="leesWeekstaat",
    response_model=WeekLinesOut,
    responses=problems(403, 404),
)
async def week(caller: HoursReader, identity: Identity, rows: Reading) -> Response:
    """Een weekstaat met haar regels."""
    require_agency(caller)
    model = await _whole(rows, identity)
    _require_sight(caller, model.employee)
    return answer(model, version=model.version)


@router.put(
    "/weekstaten/{id}",
    summary="Vul een weekstaat",
    operation_id="vulWeekstaat",
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def fill(
    caller: HoursWriter, identity: Identity, body: LinesIn, version: IfMatch, work: Writing
) -> Response:
    """Alle regels van een open weekstaat, in plaats van wat er stond."""
    require_agency(caller)
    entries = [line.entry() for line in body.lines]
    return await _answer(
        work, await handlers.fill(FillWeek(identity, version, entries), caller, work)
    )


@router.post(
    "/weekstaten/{id}/indiening",
    summary="Dien een weekstaat in",
    operation_id="dienWeekstaatIn",
    response_model=WeekLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def submit(
    caller: HoursWriter, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Dien de week in ter goedkeuring."""
    require_agency(caller)
    return await _answer(work, await handlers.submit(identity, version, caller, work))


@router.post(
    "/weekstaten/{id}/goedkeuring",
    summary="Keur een weekstaat goed",
    operation_id="keurWeekstaatGoed",
    response_model=WeekLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def approve(
    caller: Approver, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Keur de week van een ander goed."""
    require_agency(caller)
    return await _answer(work, await handlers.approve(identity, version, caller, work))


@router.post(
    "/weekstaten/{id}/afwijzing",
    summary="Wijs een weekstaat af",
    operation_id="wijsWeekstaatAf",
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def reject(
    caller: Approver, identity: Identity, body: ReasonIn, version: IfMatch, work: Writing
) -> Response:
    """Stuur de week van een ander terug, met de reden."""
    require_agency(caller)
    sheet = await handlers.reject(identity, version, body.reason, caller, work)
    return await _answer(work, sheet)


async def _answer(work: UnitOfWork, sheet: Sheet) -> Response:
    await work.flush()
    return answer(await _whole(work, sheet.id), version=sheet.version)


async def _whole(rows: Rows, identity: UUID) -> WeekLinesOut:
    row = await views.sheet(rows, identity)
    return WeekLinesOut.with_lines(row, await views.lines_of(rows, identity))


def _require_sight(caller: Caller, employee: UUID) -> None:
    if employee != caller.employee and not caller.may(Scope.HOURS_APPROVE):
        raise Forbidden("Dit is de weekstaat van iemand anders.")

"""Hour lines across weeks, and their correction after the close."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.dependencies import (
    HoursReader,
    HoursWriter,
    Identity,
    ParticipantFilter,
    Planner,
    ProductFilter,
    only_own_lines,
    require_agency,
)
from services.reporting.periods import commands as closing
from services.reporting.periods.schemas import CorrectionIn, MonthIn, MonthOut
from services.reporting.realisation.api import Lines
from services.reporting.weeks import queries as hours
from services.reporting.weeks.domain import State
from services.reporting.weeks.schemas import (
    LineOut,
    WeekLinesOut,
)
from shared.errors import conflict
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Day

router = APIRouter(tags=["Urenregels en maandafsluiting"])


@router.get(
    "/urenregels", summary="Lijst urenregels", operation_id="lijstUrenregels", response_model=Lines
)
async def lines(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    product: ProductFilter = None,
    case_id: Annotated[UUID | None, Query(alias="zaakId", description="Zaak")] = None,
    state: Annotated[State | None, Query(alias="status", description="Status")] = None,
    first: Annotated[Day | None, Query(alias="vanaf", description="Eerste boekdag")] = None,
    after: Annotated[Day | None, Query(alias="tot", description="Tot deze boekdag")] = None,
) -> Response:
    """Urenregels, nieuwste eerst; een deelnemer ziet de eigen, een medewerker de eigen uren."""
    if participant is not None:
        caller.require_participant(participant)
    filters: dict[str, Any] = {
        "participants": caller.participant_filter,
        "participant": participant,
        "employee": only_own_lines(caller),
        "product": product,
        "case_id": case_id,
        "state": state,
        "first": first,
        "after": after,
    }
    found, next_key = await hours.LINES.page(rows, page, filters)
    items = [LineOut.of(row, pseudonym=caller.sees_all) for row in found]
    return listing(items, page, next_key=next_key)


@router.post(
    "/urenregels/{id}/correcties",
    summary="Corrigeer een afgesloten urenregel",
    operation_id="corrigeerUrenregel",
    status_code=201,
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409),
)
async def correct(
    caller: HoursWriter, identity: Identity, body: CorrectionIn, work: Writing, once: Once
) -> Response:
    """Boek een afgesloten regel tegen, en boek wat het had moeten zijn, in de lopende week."""
    require_agency(caller)
    command = closing.CorrectLine(identity, body.minutes, body.reason)
    sheet = await closing.correct(command, caller, work)
    await work.flush()
    row = await hours.sheet(work, sheet.id)
    model = WeekLinesOut.with_lines(row, await hours.lines_of(work, sheet.id))
    where = f"/reporting/v1/weekstaten/{sheet.id}"
    return once.answer(work, model, status=201, version=sheet.version, location=where)


@router.post(
    "/maandafsluitingen",
    summary="Sluit een maand af",
    operation_id="sluitMaandAf",
    status_code=201,
    response_model=MonthOut,
    responses=problems(400, 403, 409),
)
async def close(caller: Planner, body: MonthIn, work: Writing, once: Once) -> Response:
    """Sluit een maand, en wat ervoor ligt, voorgoed af."""
    require_agency(caller)
    if body.month.day != 1:
        raise conflict("maand", "eerste_dag", "Geef de eerste dag van de maand, als 2026-10-01.")
    done = await closing.close_month(body.month, work)
    model = MonthOut(month=done.month, line_count=done.lines, minutes=done.minutes)
    return once.answer(work, model, status=201)

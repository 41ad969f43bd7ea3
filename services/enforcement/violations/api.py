"""Violations: list, read, position, advise, and what follows from them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.dependencies import (
    ByIncident,
    ByLocation,
    ByParticipant,
    ChangingViolation,
    ReaderOfCases,
    Today,
    ViolationId,
    WriterOfInspections,
)
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections import queries as inspection_views
from services.enforcement.inspections.schemas import InspectionOut, ReinspectionIn
from services.enforcement.measures import commands as measures
from services.enforcement.measures import queries as measure_views
from services.enforcement.measures.schemas import MeasureIn, MeasureOut
from services.enforcement.policy import store as policy
from services.enforcement.violations import commands as violations
from services.enforcement.violations import queries as views
from services.enforcement.violations.domain import ViolationState
from services.enforcement.violations.schemas import (
    AdviceOut,
    AspectListOut,
    CellName,
    PositionIn,
    PositionOut,
    ViolationFileOut,
    ViolationOut,
)
from services.enforcement.violations.store import VIOLATION
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["overtredingen"])


@router.get(
    "/overtredingen",
    operation_id="toonOvertredingen",
    summary="Werkvoorraad van overtredingen",
    response_model=Results[ViolationOut],
)
async def work_list(
    *,
    caller: ReaderOfCases,
    rows: Reading,
    page: Page,
    status: Annotated[list[ViolationState] | None, Query(description="Statussen")] = None,
    cel: Annotated[CellName | None, Query(description="Cel van de matrix, zoals B3")] = None,
    deelnemer: ByParticipant = None,
    locatie_id: ByLocation = None,
    incident_id: ByIncident = None,
) -> Response:
    """Open overtredingen, wat het eerst fout gaat bovenaan; daarna herstelde."""
    filters = {
        "states": [str(state) for state in status] if status else None,
        "cell": cel,
        "participant": deelnemer,
        "location_id": locatie_id,
        "incident_id": incident_id,
    }
    found, next_key = await views.work_list(rows, caller.participant_filter, filters, page)
    return listing([ViolationOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/overtredingen/{overtreding_id}",
    operation_id="toonOvertreding",
    summary="Een overtreding met haar dossier",
    response_model=ViolationFileOut,
)
async def one(
    caller: ReaderOfCases, overtreding_id: ViolationId, rows: Reading, today: Today
) -> Response:
    """Posities, maatregelen en lopende termijnen; met de versie in de ETag."""
    row = await views.one(rows, overtreding_id, caller.participant_filter)
    found = ViolationFileOut.build(
        row,
        await views.positions(rows, overtreding_id),
        await measure_views.of_violation(rows, overtreding_id),
        await measure_views.clocks_of(rows, today, violation_id=overtreding_id),
    )
    return answer(found, version=row["version"])


@router.post(
    "/overtredingen/{overtreding_id}/positioneringen",
    operation_id="positioneerOvertreding",
    summary="Geef de overtreding haar plaats in de LHSO-matrix",
    status_code=201,
    response_model=PositionOut,
    responses=problems(409, 412),
)
async def position(
    change: ChangingViolation, body: PositionIn, work: Writing, once: Once
) -> Response:
    """De ETag is de nieuwe versie van de overtreding. Een andere cel vraagt een motivering."""
    placed, kept = await violations.position(change, body.assessment(), work)
    await work.flush()
    rows = await views.positions(work, placed.id)
    (out,) = (PositionOut.of(row) for row in rows if row["sequence"] == kept.sequence)
    location = f"/enforcement/v1/overtredingen/{placed.id}"
    return once.answer(work, out, version=placed.version, location=location)


@router.get(
    "/overtredingen/{overtreding_id}/advies",
    operation_id="toonAdvies",
    summary="Het advies van de cel",
    response_model=AdviceOut,
)
async def advice(
    caller: ReaderOfCases, overtreding_id: ViolationId, rows: Reading, today: Today
) -> Response:
    """De interventies van de cel, of eerder is opgetreden, en vergelijkbare zaken."""
    row = await views.one(rows, overtreding_id, caller.participant_filter)
    matrix = await policy.matrix_for(rows, row["matrix_version"])
    suggestion = await violations.suggestion_for(rows, VIOLATION.of(row), today)
    comparable = await views.comparable(rows, row, caller.participant_filter)
    return answer(AdviceOut.of(row["cell"], matrix, suggestion, comparable))


@router.post(
    "/overtredingen/{overtreding_id}/handhavingsmaatregelen",
    operation_id="kiesMaatregel",
    summary="Kies een maatregel",
    status_code=201,
    response_model=MeasureOut,
    responses=problems(409, 412),
)
async def choose(change: ChangingViolation, body: MeasureIn, work: Writing, once: Once) -> Response:
    """Volgens het advies van de cel, of daarvan afwijkend met een motivering (Awb 4:84)."""
    chosen = await measures.choose(change, body.choice(change.caller, work), work)
    await work.flush()
    row = await measure_views.one(work, chosen.id, None)
    location = f"/enforcement/v1/handhavingsmaatregelen/{chosen.id}"
    return once.answer(work, MeasureOut.of(row), version=chosen.version, location=location)


@router.post(
    "/overtredingen/{overtreding_id}/hercontroles",
    operation_id="planHercontrole",
    summary="Plan een hercontrole",
    status_code=201,
    response_model=InspectionOut,
    responses=problems(409),
)
async def plan_again(
    caller: WriterOfInspections,
    overtreding_id: ViolationId,
    body: ReinspectionIn,
    work: Writing,
    once: Once,
) -> Response:
    """Een nieuwe controle die aan deze overtreding is gekoppeld."""
    change = Change(overtreding_id, None, caller)
    planned = await inspections.plan_again(change, body.planned_on, work)
    await work.flush()
    row = await inspection_views.one(work, planned.id, None)
    location = f"/enforcement/v1/controles/{planned.id}"
    return once.answer(work, InspectionOut.of(row), version=planned.version, location=location)


@router.get(
    "/lhso-aspecten",
    operation_id="toonAspecten",
    summary="Verzwarende en verzachtende aspecten",
    response_model=Results[AspectListOut],
)
async def aspects(caller: ReaderOfCases, rows: Reading, page: Page) -> Response:
    """De referentielijst met aspecten."""
    found = await views.aspects(rows)
    return listing([AspectListOut.of(row) for row in found[: page.limit]], page)

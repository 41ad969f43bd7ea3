"""Inspections: plan, list, read, record findings, complete."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.dependencies import (
    ByIncident,
    ByLocation,
    ByParticipant,
    ByViolation,
    ChangingInspection,
    InspectionId,
    ReaderOfInspections,
    WriterOfInspections,
)
from services.enforcement.inspections import commands as handlers
from services.enforcement.inspections import queries as views
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.inspections.schemas import (
    CompletionIn,
    FindingIn,
    FindingOut,
    InspectionFileOut,
    InspectionIn,
    InspectionOut,
    TopicOut,
)
from shared.contracts.enforcement import InspectionKind
from shared.db.unit_of_work import UnitOfWork
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["controles"])


async def file_of(work: UnitOfWork, change: Change) -> tuple[InspectionFileOut, int]:
    """The inspection as it now is, with its version."""
    await work.flush()
    row = await views.one(work, change.id, change.caller.participant_filter)
    return InspectionFileOut.build(row, await views.findings(work, change.id)), row["version"]


@router.post(
    "/controles",
    operation_id="planControle",
    summary="Plan een controle",
    status_code=201,
    response_model=InspectionOut,
    responses=problems(409),
)
async def plan(
    caller: WriterOfInspections, body: InspectionIn, work: Writing, once: Once
) -> Response:
    """Plant een controle op een locatie; een hercontrole noemt de overtreding."""
    planned = await handlers.plan(body.command(caller), work)
    await work.flush()
    row = await views.one(work, planned.id, None)
    location = f"/enforcement/v1/controles/{planned.id}"
    return once.answer(work, InspectionOut.of(row), version=planned.version, location=location)


@router.get(
    "/controles",
    operation_id="toonControles",
    summary="Werkvoorraad van controles",
    response_model=Results[InspectionOut],
)
async def work_list(
    *,
    caller: ReaderOfInspections,
    rows: Reading,
    page: Page,
    status: Annotated[list[InspectionState] | None, Query(description="Statussen")] = None,
    soort: Annotated[InspectionKind | None, Query(description="Controletype")] = None,
    deelnemer: ByParticipant = None,
    locatie_id: ByLocation = None,
    incident_id: ByIncident = None,
    overtreding_id: ByViolation = None,
) -> Response:
    """Geplande controles op datum, daarna uitgevoerde controles, de laatste eerst."""
    filters = {
        "states": [str(state) for state in status] if status else None,
        "kind": soort,
        "participant": deelnemer,
        "location_id": locatie_id,
        "incident_id": incident_id,
        "violation_id": overtreding_id,
    }
    found, next_key = await views.work_list(rows, caller.participant_filter, filters, page)
    return listing([InspectionOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/controles/{controle_id}",
    operation_id="toonControle",
    summary="Een controle met haar bevindingen",
    response_model=InspectionFileOut,
)
async def one(caller: ReaderOfInspections, controle_id: InspectionId, rows: Reading) -> Response:
    """Een controle, met de versie in de ETag."""
    row = await views.one(rows, controle_id, caller.participant_filter)
    findings = await views.findings(rows, controle_id)
    return answer(InspectionFileOut.build(row, findings), version=row["version"])


@router.post(
    "/controles/{controle_id}/bevindingen",
    operation_id="legBevindingVast",
    summary="Leg een bevinding vast",
    status_code=201,
    response_model=FindingOut,
    responses=problems(409),
)
async def record(
    caller: WriterOfInspections,
    controle_id: InspectionId,
    body: FindingIn,
    work: Writing,
    once: Once,
) -> Response:
    """Voegt een bevinding toe; de ETag is de nieuwe versie van de controle.

    Bij een hercontrole gaat een bevinding over de bekende overtreding, tenzij
    `nieuweOvertreding` waar is.
    """
    change = Change(controle_id, None, caller)
    changed, kept = await handlers.record(
        change, body.finding(), work, elsewhere=body.new_violation
    )
    found, version = await file_of(work, Change(changed.id, None, caller))
    (out,) = (each for each in found.findings if each.sequence == kept.sequence)
    location = f"/enforcement/v1/controles/{controle_id}"
    return once.answer(work, out, version=version, location=location)


@router.put(
    "/controles/{controle_id}/bevindingen/{volgnummer}",
    operation_id="verbeterBevinding",
    summary="Verbeter een bevinding die nog niet vastligt",
    response_model=InspectionFileOut,
    responses=problems(409, 412),
)
async def correct(
    change: ChangingInspection,
    volgnummer: Annotated[int, Path(ge=1, le=10_000, description="Volgnummer")],
    body: FindingIn,
    work: Writing,
) -> Response:
    """Vervangt een bevinding; kan tot de controle is afgerond."""
    await handlers.correct(change, body.finding(volgnummer), work, elsewhere=body.new_violation)
    found, version = await file_of(work, change)
    return answer(found, version=version)


@router.post(
    "/controles/{controle_id}/afronding",
    operation_id="rondControleAf",
    summary="Rond een controle af",
    response_model=InspectionFileOut,
    responses=problems(409, 412),
)
async def complete(change: ChangingInspection, body: CompletionIn, work: Writing) -> Response:
    """De bevindingen liggen daarna vast; elke nieuwe overtreding krijgt een nummer.

    Een hercontrole die herstel vaststelt, sluit de overtreding en haar maatregelen.
    """
    await handlers.complete(change, body.completed_on, work)
    found, version = await file_of(work, change)
    return answer(found, version=version)


@router.get(
    "/controle-onderwerpen",
    operation_id="toonControleonderwerpen",
    summary="Waarover een bevinding kan gaan",
    response_model=Results[TopicOut],
)
async def topics(caller: ReaderOfInspections, rows: Reading, page: Page) -> Response:
    """De referentielijst met controle-onderwerpen."""
    found = await views.topics(rows)
    return listing([TopicOut.of(row) for row in found[: page.limit]], page)

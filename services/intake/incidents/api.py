"""Incidents, and the inspections asked for because of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints.commands import linking
from services.intake.complaints.commands.linking import RequestInspection
from services.intake.complaints.schemas.handling import EntryOut
from services.intake.dependencies import IncidentId, ReaderOfComplaints, WriterOfComplaints
from services.intake.incidents import queries as views
from services.intake.incidents.domain import IncidentState
from services.intake.incidents.schemas import IncidentOut, InspectionRequestIn, InspectionRequestOut
from services.intake.reporters.schemas import Code, out
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Participant, Results

router = APIRouter(tags=["incidenten"])


@router.get(
    "/incidenten",
    operation_id="toonIncidenten",
    summary="Incidenten",
    response_model=Results[IncidentOut],
)
async def listed(
    *,
    caller: ReaderOfComplaints,
    rows: Reading,
    page: Page,
    status: Annotated[IncidentState | None, Query(description="Lopend of afgesloten")] = None,
    categorie: Annotated[Code | None, Query(description="Code van de categorie")] = None,
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    locatie_id: Annotated[
        UUID | None, Query(alias="locatieId", description="Identificatie van de locatie")
    ] = None,
) -> Response:
    """Incidenten, nieuwste eerst."""
    filters = {
        "state": status,
        "category": categorie,
        "participant": deelnemer,
        "location_id": locatie_id,
    }
    found, next_key = await views.listed(rows, caller.participant_filter, filters, page)
    return listing([IncidentOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/incidenten/{incident_id}",
    operation_id="toonIncident",
    summary="Een incident",
    response_model=IncidentOut,
)
async def one(caller: ReaderOfComplaints, incident_id: IncidentId, rows: Reading) -> Response:
    """Een incident, met de versie in de ETag."""
    row = await views.one(rows, incident_id, caller.participant_filter)
    return answer(IncidentOut.of(row), version=row["version"])


@router.get(
    "/incidenten/{incident_id}/tijdlijn",
    operation_id="toonTijdlijnVanIncident",
    summary="Wat er met het incident gebeurde",
    response_model=Results[EntryOut],
)
async def timeline(
    caller: ReaderOfComplaints, incident_id: IncidentId, rows: Reading, page: Page
) -> Response:
    """De tijdlijn, nieuwste eerst."""
    await views.one(rows, incident_id, caller.participant_filter)
    entries = await views.timeline(rows, incident_id)
    return listing([EntryOut.of(entry) for entry in entries], page)


@router.get(
    "/incidenten/{incident_id}/controleverzoeken",
    operation_id="toonControleverzoeken",
    summary="Gevraagde controles",
    response_model=Results[InspectionRequestOut],
)
async def requests(
    caller: ReaderOfComplaints, incident_id: IncidentId, rows: Reading, page: Page
) -> Response:
    """De gevraagde controles, nieuwste eerst."""
    await views.one(rows, incident_id, caller.participant_filter)
    found = await views.requests(rows, incident_id)
    return listing([out(InspectionRequestOut, row) for row in found], page)


@router.post(
    "/incidenten/{incident_id}/controleverzoeken",
    operation_id="vraagControle",
    summary="Vraag een controle aan",
    status_code=201,
    response_model=InspectionRequestOut,
    responses=problems(409, 412),
)
async def request_inspection(
    *,
    caller: WriterOfComplaints,
    incident_id: IncidentId,
    version: IfMatch,
    body: InspectionRequestIn,
    work: Writing,
    once: Once,
) -> Response:
    """Toezicht krijgt het verzoek als gebeurtenis en plant de controle."""
    command = RequestInspection(incident_id, version, body.urgency, body.reason, caller)
    asked, request_id = await linking.request_inspection(command, work)
    model = InspectionRequestOut(
        id=request_id,
        incident_id=incident_id,
        urgency=body.urgency,
        reason=body.reason,
        actor=caller.name,
        requested_at=work.now,
    )
    location = f"/intake/v1/incidenten/{incident_id}/controleverzoeken"
    return once.answer(work, model, version=asked.version, location=location)

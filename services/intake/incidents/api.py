"""Incidents, and the inspections asked for because of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.context import Reading, Writing
from services.intake.incidents import commands, queries
from services.intake.incidents.domain import IncidentState
from services.intake.incidents.schemas import (
    IncidentOut,
    InspectionRequestIn,
    InspectionRequestOut,
)
from services.intake.reference.schemas import Code
from services.intake.timeline.schemas import EntryOut
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Participant, Results

router = APIRouter(tags=["incidenten"])
IncidentId = Annotated[UUID, Path(alias="incidentId", description="Identificatie van het incident")]


@router.get(
    "/incidenten",
    operation_id="toonIncidenten",
    summary="Incidenten",
    response_model=Results[IncidentOut],
)
async def listed(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[IncidentState | None, Query(description="Lopend of afgesloten")] = None,
    categorie: Annotated[Code | None, Query(description="Code van de categorie")] = None,
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    locatie_id: Annotated[
        UUID | None, Query(alias="locatieId", description="Identificatie van de locatie")
    ] = None,
) -> Response:
    """Incidenten, nieuwste eerst."""
    found = await queries.listed(
        ctx,
        page,
        state=status,
        category=categorie,
        participant=deelnemer,
        location_id=locatie_id,
    )
    return listing([IncidentOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/incidenten/{incidentId}",
    operation_id="toonIncident",
    summary="Een incident",
    response_model=IncidentOut,
)
async def one(ctx: Reading, incident_id: IncidentId) -> Response:
    """Een incident, met de versie in de ETag."""
    row = await queries.one(incident_id, ctx)
    return answer(IncidentOut.of(row), version=row.version)


@router.get(
    "/incidenten/{incidentId}/tijdlijn",
    operation_id="toonTijdlijnVanIncident",
    summary="Wat er met het incident gebeurde",
    response_model=Results[EntryOut],
)
async def timeline(ctx: Reading, incident_id: IncidentId, page: Page) -> Response:
    """De tijdlijn, nieuwste eerst."""
    found = await queries.timeline(incident_id, page, ctx)
    return listing([EntryOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/incidenten/{incidentId}/controleverzoeken",
    operation_id="toonControleverzoeken",
    summary="Gevraagde controles",
    response_model=Results[InspectionRequestOut],
)
async def requests(ctx: Reading, incident_id: IncidentId, page: Page) -> Response:
    """De gevraagde controles, nieuwste eerst."""
    found = await queries.requests(incident_id, page, ctx)
    return listing([InspectionRequestOut.of(row) for row in found], page, next_key=found.next_key)


@router.post(
    "/incidenten/{incidentId}/controleverzoeken",
    operation_id="vraagControle",
    summary="Vraag een controle aan",
    status_code=201,
    response_model=InspectionRequestOut,
    responses=problems(409, 412),
)
async def request_inspection(
    ctx: Writing, incident_id: IncidentId, version: IfMatch, body: InspectionRequestIn
) -> Response:
    """Toezicht krijgt het verzoek als gebeurtenis en plant de controle."""
    asked = await commands.request_inspection(body.command(incident_id, version), ctx)
    model = InspectionRequestOut(
        id=asked.request_id,
        incident_id=incident_id,
        urgency=body.urgency,
        reason=body.reason,
        actor=ctx.caller.name,
        requested_at=ctx.now,
    )
    location = f"/intake/v1/incidenten/{incident_id}/controleverzoeken"
    return ctx.answer(model, status=201, version=asked.version, location=location)

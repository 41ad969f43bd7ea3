"""Complaints: take in, list, read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.complaints import queries
from services.intake.complaints.commands import receiving
from services.intake.complaints.domain.complaint import State
from services.intake.complaints.schemas import ComplaintIn, ComplaintOut, ReceiptOut
from services.intake.context import Reading, Writing
from services.intake.locations.schemas import CandidateOut
from services.intake.paging import paged
from services.intake.reference.schemas import Code
from services.intake.timeline.schemas import EntryOut
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import PLAIN_TEXT, Participant, Results

router = APIRouter(prefix="/klachten", tags=["klachten"])
ComplaintId = Annotated[UUID, Path(alias="klachtId", description="Identificatie van de klacht")]


@router.post(
    "",
    operation_id="ontvangKlacht",
    summary="Neem een klacht aan",
    status_code=201,
    response_model=ReceiptOut,
    responses=problems(409),
)
async def receive(body: ComplaintIn, ctx: Writing) -> Response:
    """De melder krijgt een ontvangstbevestiging als het e-mailadres bekend is."""
    taken = await receiving.receive(body.command(), ctx)
    location = f"/intake/v1/klachten/{taken.id}"
    return ctx.answer(ReceiptOut.of(taken), status=201, version=taken.version, location=location)


@router.get(
    "",
    operation_id="toonKlachten",
    summary="Werkvoorraad van klachten",
    response_model=Results[ComplaintOut],
)
async def work_list(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[tuple[State, ...], Query(description="Een of meer statussen")] = (),
    categorie: Annotated[Code | None, Query(description="Code van de categorie")] = None,
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    behandelaar: Annotated[
        str | None,
        Query(max_length=200, pattern=PLAIN_TEXT, description="Account van de behandelaar"),
    ] = None,
    locatie_id: Annotated[
        UUID | None, Query(alias="locatieId", description="Identificatie van de locatie")
    ] = None,
    incident_id: Annotated[
        UUID | None, Query(alias="incidentId", description="Identificatie van het incident")
    ] = None,
) -> Response:
    """Open klachten eerst, met wat het eerst te laat is bovenaan; daarna afgehandelde klachten."""
    found = await queries.work_list(
        ctx,
        page,
        states=[str(state) for state in status] if status else None,
        category=categorie,
        participant=deelnemer,
        handler=behandelaar,
        location_id=locatie_id,
        incident_id=incident_id,
    )
    return listing([ComplaintOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/{klachtId}",
    operation_id="toonKlacht",
    summary="Een klacht",
    response_model=ComplaintOut,
)
async def one(ctx: Reading, complaint_id: ComplaintId) -> Response:
    """Een klacht, met de versie in de ETag."""
    row = await queries.one(complaint_id, ctx)
    return answer(ComplaintOut.of(row), version=row.version)


@router.get(
    "/{klachtId}/tijdlijn",
    operation_id="toonTijdlijnVanKlacht",
    summary="Wat er met de klacht en het incident gebeurde",
    response_model=Results[EntryOut],
)
async def timeline(ctx: Reading, complaint_id: ComplaintId, page: Page) -> Response:
    """De tijdlijn, nieuwste eerst: ook wat toezicht en handhaving over het incident meldden."""
    found = await queries.timeline(complaint_id, page, ctx)
    return listing([EntryOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/{klachtId}/kandidaten",
    operation_id="toonKandidaatlocaties",
    summary="Locaties in de buurt van de klacht",
    response_model=Results[CandidateOut],
)
async def candidates(
    ctx: Reading,
    complaint_id: ComplaintId,
    page: Page,
    zoek: Annotated[
        str | None,
        Query(max_length=80, pattern=PLAIN_TEXT, description="Naam, nummer, straat of postcode"),
    ] = None,
) -> Response:
    """De dichtstbijzijnde locaties, of de locaties die met `zoek` gevonden worden."""
    found = await queries.candidates(complaint_id, zoek, ctx)
    shown = paged(found, page, lambda candidate: str(candidate.location.id))
    return listing([CandidateOut.of(each) for each in shown], page, next_key=shown.next_key)

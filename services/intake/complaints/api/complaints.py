"""Complaints: take in, list, read, link."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints import queries as views
from services.intake.complaints.commands import receiving
from services.intake.complaints.domain.complaint import State
from services.intake.complaints.schemas.complaints import ComplaintIn, ComplaintOut, ReceiptOut
from services.intake.complaints.schemas.handling import EntryOut
from services.intake.dependencies import AtDesk, ComplaintId, ReaderOfComplaints, WriterOfComplaints
from services.intake.incidents.schemas import CandidateOut
from services.intake.locations import queries as locations
from services.intake.reporters.schemas import Code
from shared.geo import Point, to_rd
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Participant, Results

router = APIRouter(prefix="/klachten", tags=["klachten"])


@router.post(
    "",
    operation_id="ontvangKlacht",
    summary="Neem een klacht aan",
    status_code=201,
    response_model=ReceiptOut,
    responses=problems(409),
)
async def receive(
    caller: WriterOfComplaints, body: ComplaintIn, work: Writing, once: Once, desk: AtDesk
) -> Response:
    """De melder krijgt een ontvangstbevestiging als het e-mailadres bekend is."""
    taken = await receiving.receive(body.command(caller), work, desk)
    receipt = ReceiptOut(
        id=taken.id,
        number=taken.number,
        version=taken.version,
        state=taken.state,
        received_at=taken.received_at,
        contact_due=taken.contact_due,
        feedback_due=taken.feedback_due,
    )
    location = f"/intake/v1/klachten/{taken.id}"
    return once.answer(work, receipt, version=taken.version, location=location)


@router.get(
    "",
    operation_id="toonKlachten",
    summary="Werkvoorraad van klachten",
    response_model=Results[ComplaintOut],
)
async def work_list(
    *,
    caller: ReaderOfComplaints,
    rows: Reading,
    page: Page,
    status: Annotated[tuple[State, ...], Query(description="Een of meer statussen")] = (),
    categorie: Annotated[Code | None, Query(description="Code van de categorie")] = None,
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    behandelaar: Annotated[
        str | None, Query(max_length=200, description="Account van de behandelaar")
    ] = None,
    locatie_id: Annotated[
        UUID | None, Query(alias="locatieId", description="Identificatie van de locatie")
    ] = None,
    incident_id: Annotated[
        UUID | None, Query(alias="incidentId", description="Identificatie van het incident")
    ] = None,
) -> Response:
    """Open klachten eerst, met wat het eerst te laat is bovenaan; daarna afgehandelde klachten."""
    filters = {
        "states": [str(state) for state in status] if status else None,
        "category": categorie,
        "participant": deelnemer,
        "handler": behandelaar,
        "location_id": locatie_id,
        "incident_id": incident_id,
    }
    found, next_key = await views.work_list(rows, caller.participant_filter, filters, page)
    return listing([ComplaintOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/{klacht_id}",
    operation_id="toonKlacht",
    summary="Een klacht",
    response_model=ComplaintOut,
)
async def one(caller: ReaderOfComplaints, klacht_id: ComplaintId, rows: Reading) -> Response:
    """Een klacht, met de versie in de ETag."""
    row = await views.one(rows, klacht_id, caller.participant_filter)
    return answer(ComplaintOut.of(row), version=row["version"])


@router.get(
    "/{klacht_id}/tijdlijn",
    operation_id="toonTijdlijnVanKlacht",
    summary="Wat er met de klacht en het incident gebeurde",
    response_model=Results[EntryOut],
)
async def timeline(
    caller: ReaderOfComplaints, klacht_id: ComplaintId, rows: Reading, page: Page
) -> Response:
    """De tijdlijn, nieuwste eerst: ook wat toezicht en handhaving over het incident meldden."""
    row = await views.one(rows, klacht_id, caller.participant_filter)
    entries = await views.timeline(rows, klacht_id, row["incident_id"])
    return listing([EntryOut.of(entry) for entry in entries], page)


@router.get(
    "/{klacht_id}/kandidaten",
    operation_id="toonKandidaatlocaties",
    summary="Locaties in de buurt van de klacht",
    response_model=Results[CandidateOut],
)
async def candidates(
    caller: ReaderOfComplaints,
    klacht_id: ComplaintId,
    rows: Reading,
    page: Page,
    zoek: Annotated[
        str | None, Query(max_length=80, description="Naam, nummer, straat of postcode")
    ] = None,
) -> Response:
    """De dichtstbijzijnde locaties, of de locaties die met `zoek` gevonden worden."""
    row = await views.one(rows, klacht_id, caller.participant_filter)
    found = []
    if zoek:
        found = await locations.search(rows, zoek, caller.participant_filter)
    elif row["lon"] is not None:
        place = to_rd(Point(row["lon"], row["lat"]))
        found = await locations.near(rows, place, caller.participant_filter)
    return listing([CandidateOut.of(candidate) for candidate in found[: page.limit]], page)

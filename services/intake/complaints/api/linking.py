"""A complaint gets a location, an incident and somebody who handles it."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.complaints.commands import linking
from services.intake.complaints.commands.linking import LinkTo
from services.intake.complaints.schemas.complaints import ComplaintOut
from services.intake.complaints.schemas.handling import LinkIn
from services.intake.dependencies import AtDesk, Changing, changed
from shared.http.dependencies import Writing
from shared.http.openapi import problems

router = APIRouter(prefix="/klachten/{klacht_id}", tags=["behandeling"])


@router.post(
    "/koppeling",
    operation_id="koppelKlacht",
    summary="Koppel aan een locatie en een incident",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def link(change: Changing, body: LinkIn, work: Writing, desk: AtDesk) -> Response:
    """Koppel aan een locatie en aan een lopend incident daar, of aan een nieuw incident."""
    await linking.link(change, LinkTo(body.location_id, body.incident_id), work, desk)
    return await changed(work, change)


@router.post(
    "/toewijzing",
    operation_id="neemKlachtInBehandeling",
    summary="Word behandelaar van de klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def assign(change: Changing, work: Writing) -> Response:
    """De aanvrager wordt behandelaar."""
    await linking.assign(change, work)
    return await changed(work, change)

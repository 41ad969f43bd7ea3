"""What other pages show of intake: search results, and the complaints at a location."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.intake.complaints import search as found
from services.intake.locations import queries as locations
from services.intake.presentation import TONES, Identity, Viewer, templates
from shared.http.dependencies import Db

router = APIRouter(prefix="/fragmenten")


@router.get("/zoeken")
async def search(
    request: Request,
    caller: Viewer,
    db: Db,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Complaints and incidents by number, and complaints by address."""
    async with db.read() as rows:
        complaints = await found.complaints(rows, q, caller.participant_filter, 10)
        incidents = await found.incidents(rows, q, caller.participant_filter, 5)
    return templates.page(
        request,
        "intake/fragment_zoeken.html",
        words=q,
        complaints=complaints,
        incidents=incidents,
        tones=TONES,
    )


@router.get("/locaties/{id}/klachten")
async def at_location(request: Request, caller: Viewer, db: Db, identity: Identity) -> Response:
    """The newest complaints at a location."""
    async with db.read() as rows:
        newest, total = await locations.complaints_at(rows, identity, caller.participant_filter)
    return templates.page(
        request,
        "intake/fragment_locatie.html",
        location_id=identity,
        complaints=newest,
        total=total,
        tones=TONES,
    )

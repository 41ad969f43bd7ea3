"""What other pages show of intake: search results, and the complaints at a location."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints import queries, searching
from services.intake.context import PageReading
from services.intake.incidents import queries as incidents
from services.intake.presentation import TONES, Identity, templates
from shared.db.search import number_in
from shared.http.paging import Paging

router = APIRouter(prefix="/fragmenten")
COMPLAINTS: Final = Paging(None, 10, "", ())
INCIDENTS: Final = 5


@router.get("/zoeken")
async def search(ctx: PageReading, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Complaints and incidents by number, and complaints by address."""
    number = number_in(q)
    found = await searching.search(q, ctx, COMPLAINTS.limit)
    return templates.page(
        ctx.request,
        "intake/fragment_zoeken.html",
        words=q,
        complaints=found.rows,
        incidents=await incidents.by_number(number, INCIDENTS, ctx) if number else [],
        tones=TONES,
    )


@router.get("/locaties/{id}/klachten")
async def at_location(ctx: PageReading, identity: Identity) -> Response:
    """The newest complaints at a location."""
    return templates.page(
        ctx.request,
        "intake/fragment_locatie.html",
        location_id=identity,
        complaints=await queries.newest_at(identity, COMPLAINTS, ctx),
        total=await queries.count_at(identity, ctx),
        tones=TONES,
    )

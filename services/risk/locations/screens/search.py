"""What the search field finds: locations by name, address or number."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.risk.locations import queries as locations
from services.risk.locations.queries import Filters
from services.risk.presentation import Viewer, templates
from shared.http.dependencies import Reading
from shared.http.paging import Paging

router = APIRouter()
SHOWN = 10


@router.get("/fragmenten/zoeken")
async def search(
    request: Request,
    caller: Viewer,
    rows: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The locations with the highest scores first."""
    words = q.replace("\x00", "").strip()
    page = Paging(after=None, limit=SHOWN, path="", query=())
    found, _ = (
        await locations.page_of_locations(
            rows, caller.participant_filter, Filters(search=words), page
        )
        if len(words) > 1
        else ([], None)
    )
    return templates.page(request, "risk/fragment_zoeken.html", locations=found)

"""What the search field finds: locations by name, address or number."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.risk.context import PageReading
from services.risk.locations.queries import Filters, page_of_locations
from services.risk.presentation import templates
from shared.http.paging import Paging

router = APIRouter()
SHOWN = 10


@router.get("/fragmenten/zoeken")
async def search(ctx: PageReading, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The locations with the highest scores first."""
    words = q.replace("\x00", "").strip()
    page = Paging(after=None, limit=SHOWN, path="", query=())
    # Also a search for nothing asks whether the caller may look.
    rows, _ = await page_of_locations(Filters(search=words), page, ctx)
    shown = rows if len(words) > 1 else []
    return templates.page(ctx.request, "risk/fragment_zoeken.html", locations=shown)

"""The programme: change the hours or the ranking, and see which locations move."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.risk.presentation import Viewer, participants_of, templates
from services.risk.programmes.domain import Ranking
from services.risk.programmes.queries import planned
from shared.http.dependencies import Reading
from shared.http.paging import Page
from shared.ui.links import with_query

router = APIRouter()
USUAL_HOURS = 500
MOST_HOURS = 100_000


@router.get("/toezichtprogramma")
async def programme(
    request: Request,
    caller: Viewer,
    rows: Reading,
    page: Page,
    uren: Annotated[str, Query(max_length=10)] = "",
    deelnemer: Annotated[str, Query(max_length=20)] = "",
    rangschikking: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Which locations the hours suffice for."""
    hours = min(max(int(uren), 1), MOST_HOURS) if uren.isdecimal() else USUAL_HOURS
    ranking = Ranking(rangschikking) if rangschikking in set(Ranking) else Ranking.SCORE
    found = await planned(
        rows,
        caller.participant_filter,
        hours,
        deelnemer.replace("\x00", "") or None,
        ranking=ranking,
    )
    start = page.after[0] if page.after and isinstance(page.after[0], int) else 0
    start = min(max(start, 0), len(found.places))
    more = start + page.limit < len(found.places)
    return templates.page(
        request,
        "risk/toezichtprogramma.html",
        found=found,
        start=start,
        shown=found.places[start : start + page.limit],
        next_href=page.next_url([start + page.limit]) if more else "",
        first_href=with_query(request, cursor=None) if page.after else "",
        participants=participants_of(request, caller),
        rankings=[(Ranking.SCORE, "Hoogste score"), (Ranking.SCORE_PER_HOUR, "Score per uur")],
        chosen={"uren": str(hours), "deelnemer": deelnemer, "rangschikking": str(ranking)},
    )

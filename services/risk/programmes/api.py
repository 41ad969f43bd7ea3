"""The door of the programme: which locations the hours suffice for."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.risk.dependencies import Viewer
from services.risk.programmes.domain import Ranking
from services.risk.programmes.queries import planned
from services.risk.programmes.schemas import PlaceInProgrammeOut, ProgrammeOut
from shared.http.dependencies import Reading
from shared.http.paging import Page, bad_cursor
from shared.http.responses import answer
from shared.http.schema import Participant

router = APIRouter()


@router.get(
    "/toezichtprogramma",
    operation_id="toonToezichtprogramma",
    summary="Welke locaties passen in een aantal uren",
    response_model=ProgrammeOut,
    tags=["toezichtprogramma"],
)
async def programme(
    caller: Viewer,
    rows: Reading,
    page: Page,
    uren: Annotated[int, Query(ge=1, le=100_000, description="Beschikbare uren")],
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    rangschikking: Annotated[
        Ranking, Query(description="Op score, of op score per uur controle")
    ] = Ranking.SCORE,
) -> Response:
    """Een lijst als advies; een mens plant. De drempelscore is de laagste die nog uren kreeg."""
    found = await planned(rows, caller.participant_filter, uren, deelnemer, ranking=rangschikking)
    start = page.after[0] if page.after else 0
    if not isinstance(start, int) or start < 0:
        raise bad_cursor()
    shown = found.places[start : start + page.limit]
    body = ProgrammeOut(
        hours_available=uren,
        hours_used=float(found.programme.used),
        locations=len(found.places),
        candidates=found.candidates,
        threshold=None if found.programme.threshold is None else float(found.programme.threshold),
        model_version=found.model_version,
        confirmed=found.confirmed,
        results=[
            PlaceInProgrammeOut.of(place, rank) for rank, place in enumerate(shown, start + 1)
        ],
    )
    response = answer(body)
    more = start + page.limit < len(found.places)
    response.headers["Link"] = page.links([start + page.limit] if more else None)
    return response

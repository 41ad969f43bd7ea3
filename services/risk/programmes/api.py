"""The operation of the programme: which locations the hours suffice for."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.risk.context import Reading
from services.risk.programmes.domain import Ranking, Request
from services.risk.programmes.queries import planned
from services.risk.programmes.schemas import ProgrammeOut
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
    ctx: Reading,
    page: Page,
    uren: Annotated[int, Query(ge=1, le=100_000, description="Beschikbare uren")],
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    rangschikking: Annotated[
        Ranking, Query(description="Op score, of op score per uur controle")
    ] = Ranking.SCORE,
) -> Response:
    """Een lijst als advies; een mens plant. Op volgorde, tot de eerste locatie die niet past."""
    start = page.after[0] if page.after else 0
    if not isinstance(start, int) or not 0 <= start <= 100_000:
        raise bad_cursor()
    result = await planned(Request(uren, deelnemer, rangschikking), start, page.limit, ctx)
    response = answer(ProgrammeOut.of(result))
    more = start + page.limit < result.programme.chosen
    response.headers["Link"] = page.links([start + page.limit] if more else None)
    return response

"""The operations on scores: why a location scores what it scores, and what it scored before."""

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.context import Reading
from services.risk.dependencies import LocationId
from services.risk.locations import queries as locations
from services.risk.scores import queries
from services.risk.scores.schemas import HistoryOut, ScoreOut
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter()


@router.get(
    "/locaties/{locatieId}/risicoscore",
    operation_id="toonRisicoscore",
    summary="De score met haar uitleg",
    response_model=ScoreOut,
    tags=["risicoscores"],
)
async def risk_score(ctx: Reading, location_id: LocationId) -> Response:
    """Elke term met waarde, gewicht, bijdrage, bron en datum; en wat de score zou veranderen."""
    location = await locations.one(location_id, ctx)
    return answer(ScoreOut.of(location_id, await queries.explained(location, ctx)))


@router.get(
    "/locaties/{locatieId}/scorehistorie",
    operation_id="toonScorehistorie",
    summary="Eerdere scores",
    response_model=Results[HistoryOut],
    tags=["risicoscores"],
)
async def history(ctx: Reading, location_id: LocationId, page: Page) -> Response:
    """Eerdere scores met hun termen, nieuwste eerst, en waardoor ze veranderden."""
    location = await locations.one(location_id, ctx)
    rows, next_key = await queries.history(location, page, ctx)
    return listing([HistoryOut.of(row) for row in rows], page, next_key=next_key)

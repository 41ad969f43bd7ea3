"""The doors of scores: why a location scores what it scores, and what it scored before."""

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.dependencies import LocationId, Viewer
from services.risk.locations import queries as locations
from services.risk.scores import queries
from services.risk.scores.schemas import HistoryOut, ScoreOut
from shared.http.dependencies import Db, Reading
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
async def risk_score(caller: Viewer, location_id: LocationId, rows: Reading, db: Db) -> Response:
    """Elke term met waarde, gewicht, bijdrage, bron en datum; en wat de score zou veranderen."""
    row = await locations.one(rows, location_id, caller.participant_filter)
    found = await queries.explained(rows, row, db.clock)
    return answer(
        ScoreOut.of(
            location_id, found.score, found.changes, found.figures, confirmed=found.confirmed
        )
    )


@router.get(
    "/locaties/{locatieId}/scorehistorie",
    operation_id="toonScorehistorie",
    summary="Eerdere scores",
    response_model=Results[HistoryOut],
    tags=["risicoscores"],
)
async def history(caller: Viewer, location_id: LocationId, rows: Reading, page: Page) -> Response:
    """Eerdere scores met hun termen, nieuwste eerst, en waardoor ze veranderden."""
    await locations.one(rows, location_id, caller.participant_filter)
    found, next_key = await queries.history(rows, location_id, page)
    return listing([HistoryOut.of(row) for row in found], page, next_key=next_key)

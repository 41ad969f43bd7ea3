"""De deelnemers van de dienst."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Reading
from services.reporting.dependencies import ParticipantCode
from services.reporting.participants import queries
from services.reporting.participants.schemas import ParticipantOut, Participants
from shared.http.openapi import problems
from shared.http.responses import answer

router = APIRouter(tags=["Deelnemers en producten"])


@router.get(
    "/deelnemers",
    summary="Lijst deelnemers",
    operation_id="toonDeelnemers",
    response_model=Participants,
)
async def participants(ctx: Reading) -> Response:
    """De deelnemers van de dienst; een deelnemer ziet alleen zichzelf."""
    rows = await queries.participants(ctx)
    return answer(Participants(results=tuple(ParticipantOut.of(row) for row in rows)))


@router.get(
    "/deelnemers/{deelnemerCode}",
    summary="Lees een deelnemer",
    operation_id="toonDeelnemer",
    response_model=ParticipantOut,
    responses=problems(403, 404),
)
async def participant(code: ParticipantCode, ctx: Reading) -> Response:
    """Een deelnemer."""
    return answer(ParticipantOut.of(await queries.participant(code, ctx)))

"""The participants."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.dependencies import HoursReader, ParticipantCode
from services.reporting.participants import queries as participants_queries
from services.reporting.participants.schemas import ParticipantOut
from shared.http.dependencies import Reading
from shared.http.openapi import problems
from shared.http.responses import answer
from shared.http.schema import Wire

router = APIRouter(tags=["Deelnemers en producten"])


class Participants(Wire):
    """Participants."""

    results: tuple[ParticipantOut, ...]


@router.get(
    "/deelnemers",
    summary="Lijst deelnemers",
    operation_id="lijstDeelnemers",
    response_model=Participants,
)
async def participants(caller: HoursReader, rows: Reading) -> Response:
    """De deelnemers van de dienst; een deelnemer ziet alleen zichzelf."""
    found = await participants_queries.participants(rows, caller.participant_filter)
    return answer(Participants(results=tuple(ParticipantOut.of(row) for row in found)))


@router.get(
    "/deelnemers/{code}",
    summary="Lees een deelnemer",
    operation_id="leesDeelnemer",
    response_model=ParticipantOut,
    responses=problems(403, 404),
)
async def participant(caller: HoursReader, code: ParticipantCode, rows: Reading) -> Response:
    """Een deelnemer."""
    caller.require_participant(code)
    return answer(ParticipantOut.of(await participants_queries.participant(rows, code)))

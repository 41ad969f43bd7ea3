"""Indicators of a year."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.dependencies import ParticipantFilter, Reviewer, YearQuery, today
from services.reporting.realisation import indicators as views
from services.reporting.realisation.schemas import IndicatorOut
from shared.http.dependencies import Db, Reading
from shared.http.responses import answer
from shared.http.schema import Wire

router = APIRouter(tags=["KPI's"])


class Indicators(Wire):
    """Indicators."""

    results: tuple[IndicatorOut, ...]


@router.get("/kpis", summary="Lijst KPI's", operation_id="lijstKpis", response_model=Indicators)
async def kpis(
    caller: Reviewer, year: YearQuery, rows: Reading, db: Db, participant: ParticipantFilter = None
) -> Response:
    """Indicatoren met teller en noemer; zonder deelnemer die van de hele dienst erbij."""
    if participant is not None:
        caller.require_participant(participant)
    found = [
        IndicatorOut.of(indicator)
        for indicator in await views.measure(rows, year, today(db))
        if caller.sees(indicator.participant or None)
        and (participant is None or indicator.participant == participant)
    ]
    return answer(Indicators(results=tuple(found)))

"""Settlements: try out, read, adopt."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.dependencies import (
    Adopter,
    Identity,
    ParticipantFilter,
    Reviewer,
    YearFilter,
    YearQuery,
)
from services.reporting.settlements import commands as handlers
from services.reporting.settlements import queries as views
from services.reporting.settlements.domain import SettlementState
from services.reporting.settlements.schemas import (
    AdoptionIn,
    FullSettlementOut,
    SettlementOut,
    TotalsOut,
    TrialIn,
)
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Wire

router = APIRouter(tags=["Afrekeningen"])


class Settlements(Wire):
    """Settlements."""

    results: tuple[SettlementOut, ...]


@router.get(
    "/afrekeningen",
    summary="Lijst afrekeningen",
    operation_id="lijstAfrekeningen",
    response_model=Settlements,
)
async def settlements(
    caller: Reviewer,
    rows: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    year: YearFilter = None,
    state: Annotated[SettlementState | None, Query(alias="status", description="Status")] = None,
) -> Response:
    """Proefberekeningen en vastgestelde afrekeningen; een deelnemer ziet de eigen."""
    if participant is not None:
        caller.require_participant(participant)
    filters = {
        "participants": caller.participant_filter,
        "participant": participant,
        "year": year,
        "state": state,
    }
    found, next_key = await views.SETTLEMENTS.page(rows, page, filters)
    return listing([SettlementOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/afrekeningen/controletotalen",
    summary="Lees de controletotalen van een jaar",
    operation_id="leesControletotalen",
    response_model=TotalsOut,
)
async def totals(caller: Reviewer, year: YearQuery, rows: Reading) -> Response:
    """De sommen van wat van een jaar is vastgesteld, tot op de cent."""
    return answer(TotalsOut.of(year, await views.totals(rows, year, caller.participant_filter)))


@router.post(
    "/proefafrekeningen",
    summary="Bereken een afrekening op proef",
    operation_id="maakProefberekening",
    status_code=201,
    response_model=FullSettlementOut,
    responses=problems(400, 403, 404, 409),
)
async def try_out(caller: Adopter, body: TrialIn, work: Writing, once: Once) -> Response:
    """Uren maal tarief min voorschot, uit de gegevens van nu; te herhalen tot op de byte."""
    command = handlers.TrySettlement(body.participant, body.year, body.result_amount)
    row = await handlers.try_out(command, work)
    where = f"/reporting/v1/afrekeningen/{row['id']}"
    return once.answer(work, FullSettlementOut.whole(row), status=201, version=1, location=where)


@router.get(
    "/afrekeningen/{id}",
    summary="Lees een afrekening",
    operation_id="leesAfrekening",
    response_model=FullSettlementOut,
    responses=problems(403, 404),
)
async def settlement(caller: Reviewer, identity: Identity, rows: Reading) -> Response:
    """Een afrekening met haar berekening, zoals die is vastgelegd."""
    row = await views.settlement(rows, identity)
    caller.require_participant(row["participant"])
    return answer(FullSettlementOut.whole(row), version=row["version"])


@router.post(
    "/afrekeningen/{id}/vaststelling",
    summary="Stel een afrekening vast",
    operation_id="stelAfrekeningVast",
    response_model=FullSettlementOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def adopt(
    caller: Adopter, identity: Identity, body: AdoptionIn, version: IfMatch, work: Writing
) -> Response:
    """Bevries een proefberekening waarvan de invoer nog klopt (vierogenprincipe)."""
    row = await handlers.adopt(identity, version, body.decision_reference, work)
    return answer(FullSettlementOut.whole(row), version=row["version"])

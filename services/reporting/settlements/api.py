"""De afrekening van een jaar: proberen, lezen, vaststellen."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.context import Reading, Writing
from services.reporting.dependencies import (
    ParticipantFilter,
    RunId,
    SettlementId,
    YearFilter,
    YearQuery,
)
from services.reporting.settlements import commands, queries
from services.reporting.settlements.domain.settlement import SettlementState
from services.reporting.settlements.schemas import (
    AdoptionIn,
    FullRunOut,
    FullSettlementOut,
    RunOut,
    Runs,
    SettlementOut,
    Settlements,
    TotalsOut,
    TrialIn,
)
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing

router = APIRouter(tags=["Afrekeningen"])
StateFilter = Annotated[SettlementState | None, Query(alias="status", description="Status")]


@router.get(
    "/afrekeningen",
    summary="Lijst afrekeningen",
    operation_id="toonAfrekeningen",
    response_model=Settlements,
)
async def settlements(
    ctx: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    year: YearFilter = None,
    state: StateFilter = None,
) -> Response:
    """Afrekeningen van deelnemers, op proef en vastgesteld; een deelnemer ziet de eigen."""
    rows = await queries.settlements(page, ctx, participant=participant, year=year, state=state)
    return listing([SettlementOut.of(row) for row in rows], page, next_key=rows.next_key)


@router.get(
    "/afrekeningen/controletotalen",
    summary="Lees de controletotalen van een jaar",
    operation_id="toonControletotalen",
    response_model=TotalsOut,
)
async def totals(year: YearQuery, ctx: Reading) -> Response:
    """De sommen van wat van een jaar is vastgesteld, tot op de cent, en wat niet sluit."""
    return answer(TotalsOut.of(year, await queries.totals(year, ctx)))


@router.get(
    "/afrekeningen/{afrekeningId}",
    summary="Lees een afrekening",
    operation_id="toonAfrekening",
    response_model=FullSettlementOut,
    responses=problems(403, 404),
)
async def settlement(settlement_id: SettlementId, ctx: Reading) -> Response:
    """De afrekening van een deelnemer met haar berekening, zoals die is vastgelegd."""
    found = await queries.settlement(settlement_id, ctx)
    return answer(FullSettlementOut.whole(found), version=found.settlement.version)


@router.get(
    "/jaarafrekeningen",
    summary="Lijst jaarafrekeningen",
    operation_id="toonJaarafrekeningen",
    response_model=Runs,
)
async def runs(
    ctx: Reading, page: Page, year: YearFilter = None, state: StateFilter = None
) -> Response:
    """De berekeningen van hele jaren, op proef en vastgesteld."""
    rows = await queries.runs(page, ctx, year=year, state=state)
    return listing([RunOut.of(row) for row in rows], page, next_key=rows.next_key)


@router.post(
    "/jaarafrekeningen",
    summary="Bereken een jaar op proef",
    operation_id="maakJaarafrekening",
    status_code=201,
    response_model=FullRunOut,
    responses=problems(400, 403, 409),
)
async def try_out(body: TrialIn, ctx: Writing) -> Response:
    """Uren maal tarief min voorschot van alle deelnemers, uit de gegevens van nu."""
    made = await commands.try_out(body.command(), ctx)
    where = f"/reporting/v1/jaarafrekeningen/{made.run.id}"
    return ctx.answer(FullRunOut.of_detail(made), status=201, version=1, location=where)


@router.get(
    "/jaarafrekeningen/{jaarafrekeningId}",
    summary="Lees een jaarafrekening",
    operation_id="toonJaarafrekening",
    response_model=FullRunOut,
    responses=problems(403, 404),
)
async def run(run_id: RunId, ctx: Reading) -> Response:
    """Een jaarafrekening met de afrekeningen van de deelnemers en hun sommen."""
    found = await queries.run(run_id, ctx)
    return answer(FullRunOut.of_detail(found), version=found.run.version)


@router.post(
    "/jaarafrekeningen/{jaarafrekeningId}/vaststelling",
    summary="Stel een jaarafrekening vast",
    operation_id="stelJaarafrekeningVast",
    response_model=FullRunOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def adopt(run_id: RunId, body: AdoptionIn, version: IfMatch, ctx: Writing) -> Response:
    """Bevries een proefberekening waarvan de invoer nog klopt (vierogenprincipe)."""
    adopted = await commands.adopt(body.command(run_id, version), ctx)
    return ctx.answer(FullRunOut.of_detail(adopted), version=adopted.run.version)

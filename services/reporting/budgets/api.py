"""Begrotingen van deelnemers."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.budgets import commands, queries
from services.reporting.budgets.commands import AdoptBudget
from services.reporting.budgets.schemas import BudgetIn, BudgetLinesOut, BudgetOut, Budgets
from services.reporting.context import Reading, Writing
from services.reporting.dependencies import BudgetId, ParticipantFilter, YearFilter
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing

router = APIRouter(tags=["Begrotingen"])


@router.get(
    "/begrotingen",
    summary="Lijst begrotingen",
    operation_id="toonBegrotingen",
    response_model=Budgets,
)
async def budgets(
    ctx: Reading, page: Page, participant: ParticipantFilter = None, year: YearFilter = None
) -> Response:
    """De begrotingen en hun wijzigingen; een deelnemer ziet alleen de eigen."""
    rows = await queries.budgets(page, ctx, participant=participant, year=year)
    return listing([BudgetOut.of(row) for row in rows], page, next_key=rows.next_key)


@router.get(
    "/begrotingen/{begrotingId}",
    summary="Lees een begroting",
    operation_id="toonBegroting",
    response_model=BudgetLinesOut,
    responses=problems(403, 404),
)
async def budget(budget_id: BudgetId, ctx: Reading) -> Response:
    """Een begroting met haar regels."""
    found = await queries.budget_detail(budget_id, ctx)
    return answer(BudgetLinesOut.of_detail(found), version=found.budget.version)


@router.post(
    "/begrotingen",
    summary="Stel een begroting voor",
    operation_id="maakBegroting",
    status_code=201,
    response_model=BudgetLinesOut,
    responses=problems(400, 403, 404, 409),
)
async def propose(body: BudgetIn, ctx: Writing) -> Response:
    """Een begroting, of een wijziging ervan, die een ander daarna vaststelt."""
    made = await commands.propose(body.command(), ctx)
    where = f"/reporting/v1/begrotingen/{made.budget.id}"
    return ctx.answer(BudgetLinesOut.of_detail(made), status=201, version=1, location=where)


@router.post(
    "/begrotingen/{begrotingId}/vaststelling",
    summary="Stel een begroting vast",
    operation_id="stelBegrotingVast",
    response_model=BudgetLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def adopt(budget_id: BudgetId, version: IfMatch, ctx: Writing) -> Response:
    """Zet een voorgestelde begroting in werking (vierogenprincipe)."""
    adopted = await commands.adopt(AdoptBudget(budget_id, version), ctx)
    return ctx.answer(BudgetLinesOut.of_detail(adopted), version=adopted.budget.version)

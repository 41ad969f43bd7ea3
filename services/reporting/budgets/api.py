"""Budgets of participants."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.budgets import commands as handlers
from services.reporting.budgets import queries as budgets_queries
from services.reporting.budgets.schemas import BudgetIn, BudgetLinesOut, BudgetOut
from services.reporting.dependencies import (
    Identity,
    ParticipantFilter,
    Planner,
    Reviewer,
    YearFilter,
)
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Wire

router = APIRouter(tags=["Begrotingen"])


class Budgets(Wire):
    """Budgets."""

    results: tuple[BudgetOut, ...]


@router.get(
    "/begrotingen",
    summary="Lijst begrotingen",
    operation_id="lijstBegrotingen",
    response_model=Budgets,
)
async def budgets(
    caller: Reviewer,
    rows: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    year: YearFilter = None,
) -> Response:
    """De begrotingen en hun wijzigingen; een deelnemer ziet alleen de eigen."""
    if participant is not None:
        caller.require_participant(participant)
    filters = {
        "participants": caller.participant_filter,
        "participant": participant,
        "year": year,
    }
    found, next_key = await budgets_queries.BUDGETS.page(rows, page, filters)
    return listing([BudgetOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/begrotingen/{id}",
    summary="Lees een begroting",
    operation_id="leesBegroting",
    response_model=BudgetLinesOut,
    responses=problems(403, 404),
)
async def budget(caller: Reviewer, identity: Identity, rows: Reading) -> Response:
    """Een begroting met haar regels."""
    row, lines = await budgets_queries.budget(rows, identity)
    caller.require_participant(row["participant"])
    return answer(BudgetLinesOut.with_lines(row, lines), version=row["version"])


@router.post(
    "/begrotingen",
    summary="Stel een begroting voor",
    operation_id="maakBegroting",
    status_code=201,
    response_model=BudgetLinesOut,
    responses=problems(400, 403, 404, 409),
)
async def propose(caller: Planner, body: BudgetIn, work: Writing, once: Once) -> Response:
    """Een begroting, of een wijziging ervan, die een ander daarna vaststelt."""
    command = handlers.ProposeBudget(
        body.participant,
        body.year,
        body.advance,
        body.decision_reference,
        [line.planned() for line in body.lines],
    )
    row = await handlers.propose(command, work)
    await work.flush()
    _, lines = await budgets_queries.budget(work, row["id"])
    model = BudgetLinesOut.with_lines(row, lines)
    where = f"/reporting/v1/begrotingen/{row['id']}"
    return once.answer(work, model, status=201, version=1, location=where)


@router.post(
    "/begrotingen/{id}/vaststelling",
    summary="Stel een begroting vast",
    operation_id="stelBegrotingVast",
    response_model=BudgetLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def adopt(caller: Planner, identity: Identity, version: IfMatch, work: Writing) -> Response:
    """Zet een voorgestelde begroting in werking (vierogenprincipe)."""
    row = await handlers.adopt(identity, version, work)
    _, lines = await budgets_queries.budget(work, identity)
    return answer(BudgetLinesOut.with_lines(row, lines), version=row["version"])

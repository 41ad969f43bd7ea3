"""The budgets in force of a year: of each participant the adopted one with the highest number."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.budgets.domain import BudgetInForce, PlannedLine
from shared.db.query import Query
from shared.db.rows import Rows


class _Budget(NamedTuple):
    id: UUID
    participant: str
    number: int
    decision_reference: str
    advance: Decimal


class _Line(NamedTuple):
    budget_id: UUID
    product: str
    collective: bool
    quantity: int
    minutes: int
    amount: Decimal


_BUDGETS = Query(
    _Budget,
    text("""
        SELECT DISTINCT ON (participant) id, participant, number, decision_reference, advance
        FROM budget
        WHERE year = :year AND activated_at IS NOT NULL
          AND (CAST(:participant AS text) IS NULL OR participant = :participant)
        ORDER BY participant, number DESC
    """),
)
_LINES = Query(
    _Line,
    text("""
        SELECT l.budget_id, l.product, p.kind = 'collectief' AS collective, l.quantity, l.minutes,
               l.amount
        FROM budget_line l JOIN product p ON p.code = l.product
        WHERE l.budget_id = ANY(CAST(:ids AS uuid[])) ORDER BY l.product
    """),
)


async def budgets_of(rows: Rows, year: int) -> dict[str, BudgetInForce]:
    """The budget in force of every participant that has one."""
    return await _read(rows, year, None)


async def budget_of(rows: Rows, participant: str, year: int) -> BudgetInForce | None:
    """The budget in force of one participant, or None."""
    return (await _read(rows, year, participant)).get(participant)


async def _read(rows: Rows, year: int, participant: str | None) -> dict[str, BudgetInForce]:
    budgets = await rows.all(_BUDGETS, year=year, participant=participant)
    lines: dict[UUID, list[PlannedLine]] = {budget.id: [] for budget in budgets}
    for line in await rows.all(_LINES, ids=list(lines)):
        planned = PlannedLine(
            line.product, line.quantity, line.minutes, line.amount, collective=line.collective
        )
        lines[line.budget_id].append(planned)
    return {
        budget.participant: BudgetInForce(
            id=str(budget.id),
            number=budget.number,
            reference=budget.decision_reference,
            advance=budget.advance,
            lines=tuple(lines[budget.id]),
        )
        for budget in budgets
    }

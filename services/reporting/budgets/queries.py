"""Reads of budgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.context import ReadCtx
from services.reporting.listing import Listing
from shared.db.query import Query
from shared.db.rows import Rows
from shared.http.paging import Paging
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget with the sums of its lines."""

    id: UUID
    version: int
    participant: str
    year: int
    number: int
    advance: Decimal
    planned_minutes: int
    planned_amount: Decimal
    decision_reference: str
    confirmed: bool
    proposed_by: str
    proposed_at: datetime
    activated_by: str | None
    activated_at: datetime | None


class LineRow(NamedTuple):
    """What is planned of one product."""

    product: str
    product_name: str
    quantity: int
    minutes: int
    amount: Decimal


class BudgetDetail(NamedTuple):
    """A budget with its lines."""

    budget: BudgetRow
    lines: Sequence[LineRow]


_SELECT = """
    SELECT b.id, b.version, b.participant, b.year, b.number, b.advance,
           (SELECT COALESCE(sum(minutes), 0)::int FROM budget_line WHERE budget_id = b.id)
           AS planned_minutes,
           (SELECT COALESCE(sum(amount), 0) FROM budget_line WHERE budget_id = b.id)
           AS planned_amount,
           b.decision_reference, b.confirmed, b.proposed_by, b.proposed_at, b.activated_by,
           b.activated_at
    FROM budget b
"""
_BUDGETS = Listing(
    row=BudgetRow,
    select=_SELECT,
    conditions={"participant": "b.participant = :participant", "year": "b.year = :year"},
    after="(b.year, b.participant, b.number) < (:after_0, :after_1, :after_2)",
    order="b.year DESC, b.participant DESC, b.number DESC",
    key=("year", "participant", "number"),
    casts=(int, str, int),
    participant="b.participant",
)
_BUDGET = Query(BudgetRow, text(f"{_SELECT} WHERE b.id = :id"))
_LINES = Query(
    LineRow,
    text("""
        SELECT l.product, p.name AS product_name, l.quantity, l.minutes, l.amount
        FROM budget_line l JOIN product p ON p.code = l.product
        WHERE l.budget_id = :id ORDER BY l.product
    """),
)


async def detail(rows: Rows, identity: UUID) -> BudgetDetail:
    """A budget and its lines, for a use case that settled who asks. Raises NotFound."""
    budget = await rows.one(_BUDGET, "Deze begroting", id=identity)
    return BudgetDetail(budget, await rows.all(_LINES, id=identity))


async def budget(identity: UUID, ctx: ReadCtx) -> BudgetDetail:
    """One budget and its lines. Raises Forbidden, NotFound."""
    ctx.require(Scope.SETTLEMENTS_READ)
    found = await detail(ctx.rows, identity)
    ctx.require_participant(found.budget.participant)
    return found


async def budgets(
    page: Paging, ctx: ReadCtx, *, participant: str | None, year: int | None
) -> tuple[list[BudgetRow], tuple[Any, ...] | None]:
    """The budgets that a caller may see. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    if participant is not None:
        ctx.require_participant(participant)
    filters = {"participant": participant, "year": year}
    return await _BUDGETS.page(ctx.rows, page, filters, ctx.sight)

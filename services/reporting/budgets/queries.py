"""Reads of budgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, cast, func, select, text, true

from services.reporting.budgets.tables import budget, budget_line
from services.reporting.context import ReadCtx
from shared.db.filters import equals
from shared.db.listing import Listing, Page
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
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
_OF_BUDGET = (
    *("id", "version", "participant", "year", "number", "advance", "decision_reference"),
    *("confirmed", "proposed_by", "proposed_at", "activated_by", "activated_at"),
)
_PLANNED = (
    select(
        budget_line.c.budget_id,
        cast(func.sum(budget_line.c.minutes), Integer).label("minutes"),
        func.sum(budget_line.c.amount).label("amount"),
    )
    .where(budget_line.c.budget_id == budget.c.id)
    .group_by(budget_line.c.budget_id)
    .lateral("planned")
)
_BUDGETS = Listing(
    BudgetRow,
    select(
        *(budget.c[name] for name in _OF_BUDGET),
        func.coalesce(_PLANNED.c.minutes, 0).label("planned_minutes"),
        func.coalesce(_PLANNED.c.amount, 0).label("planned_amount"),
    )
    .outerjoin(_PLANNED, true())
    .where(visible(budget)),
    filters={
        "participant": equals(budget.c.participant, "participant"),
        "year": equals(budget.c.year, "year"),
    },
    order=(budget.c.year, budget.c.participant, budget.c.number),
    descending=True,
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


async def budget_detail(identity: UUID, ctx: ReadCtx) -> BudgetDetail:
    """One budget and its lines. Raises Forbidden, NotFound."""
    ctx.require(Scope.SETTLEMENTS_READ)
    found = await detail(ctx.rows, identity)
    ctx.require_participant(found.budget.participant)
    return found


async def budgets(
    page: Paging, ctx: ReadCtx, *, participant: str | None, year: int | None
) -> Page[BudgetRow]:
    """The budgets that a caller may see. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    if participant is not None:
        ctx.require_participant(participant)
    filters = {"participant": participant, "year": year}
    return await _BUDGETS.page(ctx.rows, page, sight=ctx.sight, **filters)

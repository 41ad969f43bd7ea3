"""Reads of budgets."""

from uuid import UUID

from sqlalchemy import text

from services.reporting.listing import Listing
from shared.db.rows import Row, Rows

BUDGETS = Listing(
    select="""
        SELECT b.*, (SELECT COALESCE(sum(minutes), 0)::int FROM budget_line WHERE budget_id = b.id)
               AS planned_minutes,
               (SELECT COALESCE(sum(amount), 0) FROM budget_line WHERE budget_id = b.id)
               AS planned_amount
        FROM budget b
    """,
    conditions={
        "participants": "b.participant = ANY(:participants)",
        "participant": "b.participant = :participant",
        "year": "b.year = :year",
    },
    after="(b.year, b.participant, b.number) < (:after_0, :after_1, :after_2)",
    order="b.year DESC, b.participant DESC, b.number DESC",
    key=("year", "participant", "number"),
    casts=(int, str, int),
)


_BUDGET = text("SELECT * FROM budget WHERE id = :id")


_BUDGET_LINES = text("""
    SELECT l.*, p.name AS product_name FROM budget_line l JOIN product p ON p.code = l.product
    WHERE l.budget_id = :id ORDER BY l.product
""")


async def budget(rows: Rows, identity: UUID) -> tuple[Row, list[Row]]:
    """One budget and its lines. Raises NotFound."""
    row = await rows.one(_BUDGET, "Deze begroting", id=identity)
    return row, await rows.all(_BUDGET_LINES, id=identity)

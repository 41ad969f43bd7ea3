"""Reads of months and of lines in them."""

from uuid import UUID

from sqlalchemy import text

from shared.db.rows import Row, Rows

_LINE = text("""
    SELECT l.*, p.name AS product_name, d.name AS participant_name
    FROM hour_line l JOIN product p ON p.code = l.product
    LEFT JOIN participant d ON d.code = l.participant WHERE l.id = :id
""")


_CLOSED = text("SELECT * FROM month_close ORDER BY month DESC LIMIT 24")


_UNAPPROVED = text("""
    SELECT date_trunc('month', booked_on)::date AS month, state,
           count(*)::int AS lines, sum(minutes)::int AS minutes
    FROM hour_line WHERE state IN ('open', 'ingediend') GROUP BY 1, 2 ORDER BY 1, 2
""")


async def line(rows: Rows, identity: UUID) -> Row:
    """One hour line. Raises NotFound."""
    return await rows.one(_LINE, "Deze urenregel", id=identity)


async def closed_months(rows: Rows) -> list[Row]:
    """The closed months, the last one first."""
    return await rows.all(_CLOSED)


async def unapproved_by_month(rows: Rows) -> list[Row]:
    """Lines that are not approved yet, by month and state."""
    return await rows.all(_UNAPPROVED)

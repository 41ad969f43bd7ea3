"""Cases to book hours on, and products that were delivered."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.reporting.listing import Listing
from shared.db.rows import Row, Rows

_CASE = """
    SELECT c.*, p.name AS product_name, d.name AS participant_name FROM case_file c
    LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
"""
CASE = text(_CASE + " WHERE c.id = :id")
BY_NUMBER = text(_CASE + " WHERE upper(c.number) = upper(:number)")
CASES = Listing(
    select=_CASE,
    conditions={
        "participants": "c.participant = ANY(:participants)",
        "participant": "c.participant = :participant",
        "kind": "c.kind = :kind",
        "number": "upper(c.number) LIKE upper(:number) || '%'",
        "location_id": "c.location_id = :location_id",
    },
    after="(c.active_on, c.id) < (:after_0, :after_1)",
    order="c.active_on DESC, c.id DESC",
    key=("active_on", "id"),
    casts=(date.fromisoformat, UUID),
)
DELIVERIES = Listing(
    select="""
        SELECT x.*, p.name AS product_name FROM product_delivery x
        JOIN product p ON p.code = x.product
    """,
    conditions={
        "participants": "x.participant = ANY(:participants)",
        "participant": "x.participant = :participant",
        "product": "x.product = :product",
        "first": "x.delivered_on >= :first",
        "after": "x.delivered_on < :after",
    },
    after="(x.delivered_on, x.id) < (:after_0, :after_1)",
    order="x.delivered_on DESC, x.id DESC",
    key=("delivered_on", "id"),
    casts=(date.fromisoformat, UUID),
)
_HOURS = text("""
    SELECT l.product, p.name AS product_name, l.state, sum(l.minutes)::int AS minutes,
           count(DISTINCT l.employee)::int AS employees, max(l.work_date) AS last_day
    FROM hour_line l JOIN product p ON p.code = l.product
    WHERE l.case_id = :id GROUP BY 1, 2, 3 ORDER BY 1, 3
""")
_DELIVERED = text("""
    SELECT x.product, p.name AS product_name, x.delivered_on, x.quantity
    FROM product_delivery x JOIN product p ON p.code = x.product
    WHERE x.subject = :id ORDER BY x.delivered_on, x.product
""")


def escaped(number: str) -> str:
    """The text with the wildcards of LIKE taken literally."""
    return number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def case(rows: Rows, identity: UUID) -> Row | None:
    """One case, or None while nothing was heard of it."""
    return await rows.first(CASE, id=identity)


async def case_by_number(rows: Rows, number: str) -> Row | None:
    """The case with that number, or None."""
    return await rows.first(BY_NUMBER, number=number)


async def hours_on(rows: Rows, identity: UUID) -> list[Row]:
    """Hours on a case by product and state."""
    return await rows.all(_HOURS, id=identity)


async def delivered_by(rows: Rows, identity: UUID) -> list[Row]:
    """Products that a case delivered."""
    return await rows.all(_DELIVERED, id=identity)

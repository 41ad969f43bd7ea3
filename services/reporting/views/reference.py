"""Participants, products and what has versions."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.reporting.views.lists import Listing
from shared.db.rows import Row, Rows

PARTICIPANTS = text("""
    SELECT * FROM participant
    WHERE (CAST(:codes AS text[]) IS NULL OR code = ANY(CAST(:codes AS text[]))) ORDER BY name
""")
PARTICIPANT = text("SELECT * FROM participant WHERE code = :code")
PRODUCTS = text("""
    SELECT p.*, n.minutes AS norm_minutes,
           (SELECT min(r.event) FROM product_rule r
            WHERE r.product = p.code AND r.counts AND r.activated_at IS NOT NULL
              AND r.valid_from <= :day AND (r.valid_until IS NULL OR :day < r.valid_until)
           ) AS counting_event
    FROM product p LEFT JOIN norm n ON n.product = p.code AND n.activated_at IS NOT NULL
         AND n.valid_from <= :day AND (n.valid_until IS NULL OR :day < n.valid_until)
    WHERE p.valid_from <= :day AND (p.valid_until IS NULL OR :day < p.valid_until)
    ORDER BY p.kind <> 'direct', p.code
""")
_VERSIONED = {
    "tariff": "product",
    "norm": "product",
    "sharing_key": "code",
    "parameter": "code",
    "product_rule": "product",
}
VERSIONS = {
    table: Listing(
        select=f"SELECT * FROM {table}",  # noqa: S608 - names of our own tables
        conditions={
            "key": f"{key} = :key",
            "day": "activated_at IS NOT NULL AND valid_from <= :day"
            " AND (valid_until IS NULL OR :day < valid_until)",
        },
        after="(valid_from, id) < (:after_0, :after_1)",
        order="valid_from DESC, id DESC",
        key=("valid_from", "id"),
        casts=(date.fromisoformat, UUID),
    )
    for table, key in _VERSIONED.items()
}
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


async def participants(rows: Rows, codes: list[str] | None) -> list[Row]:
    """The participants that a caller may see, by name."""
    return await rows.all(PARTICIPANTS, codes=codes)


async def participant(rows: Rows, code: str) -> Row:
    """One participant. Raises NotFound."""
    return await rows.one(PARTICIPANT, f"Deelnemer {code}", code=code)


async def products(rows: Rows, day: date) -> list[Row]:
    """The products of a day, with the norm that holds then."""
    return await rows.all(PRODUCTS, day=day)


async def budget(rows: Rows, identity: UUID) -> tuple[Row, list[Row]]:
    """One budget and its lines. Raises NotFound."""
    row = await rows.one(_BUDGET, "Deze begroting", id=identity)
    return row, await rows.all(_BUDGET_LINES, id=identity)

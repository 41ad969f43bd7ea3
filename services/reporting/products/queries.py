"""Reads of the catalogue."""

from datetime import date

from sqlalchemy import text

from shared.db.rows import Row, Rows

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


async def products(rows: Rows, day: date) -> list[Row]:
    """The products of a day, with the norm that holds then."""
    return await rows.all(PRODUCTS, day=day)

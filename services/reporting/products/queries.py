"""Reads of the catalogue."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from services.reporting.context import ReadCtx
from shared.db.query import Query
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with the norm of a day, and the event that counts it."""

    code: str
    name: str
    unit: str
    programme: str
    kind: str
    demand_driven: bool
    valid_from: date
    valid_until: date | None
    decision_reference: str
    confirmed: bool
    norm_minutes: int | None
    counting_event: str | None


_PRODUCTS = Query(
    ProductRow,
    text("""
        SELECT p.code, p.name, p.unit, p.programme, p.kind, p.demand_driven, p.valid_from,
               p.valid_until, p.decision_reference, p.confirmed, n.minutes AS norm_minutes,
               (SELECT min(r.event) FROM product_rule r
                WHERE r.product = p.code AND r.counts AND r.activated_at IS NOT NULL
                  AND r.valid_from <= :day AND (r.valid_until IS NULL OR :day < r.valid_until)
               ) AS counting_event
        FROM product p LEFT JOIN norm n ON n.product = p.code AND n.activated_at IS NOT NULL
             AND n.valid_from <= :day AND (n.valid_until IS NULL OR :day < n.valid_until)
        WHERE p.valid_from <= :day AND (p.valid_until IS NULL OR :day < p.valid_until)
        ORDER BY p.kind <> 'direct', p.code
    """),
)


async def products_of(day: date, ctx: ReadCtx) -> list[ProductRow]:
    """The products of a day, with the norm that holds then. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    return await ctx.rows.all(_PRODUCTS, day=day)

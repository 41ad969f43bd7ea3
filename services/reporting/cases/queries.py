"""Cases to book hours on, and products that were delivered."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Text, bindparam, func, select, text

from services.reporting.context import ReadCtx
from services.reporting.tables import case_file, participant, product, product_delivery
from shared.db.filters import equals
from shared.db.listing import Listing, Page
from shared.db.query import Query
from shared.db.sight import visible
from shared.http.paging import Paging
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with the names of its product and participant."""

    id: UUID
    kind: str
    number: str
    qualifier: str
    participant: str | None
    participant_name: str | None
    location_id: UUID | None
    product: str | None
    product_name: str | None
    opened_on: date | None
    closed_on: date | None
    active_on: date


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A product that an event counted as delivered."""

    id: UUID
    subject: UUID
    case_kind: str
    case_number: str
    product: str
    product_name: str
    participant: str | None
    delivered_on: date
    quantity: int
    event: str


class HoursRow(NamedTuple):
    """Hours on a case by product and state."""

    product: str
    product_name: str
    state: str
    minutes: int


_CASE = """
    SELECT c.id, c.kind, c.number, c.qualifier, c.participant, d.name AS participant_name,
           c.location_id, c.product, p.name AS product_name, c.opened_on, c.closed_on, c.active_on
    FROM case_file c
    LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
"""
_DELIVERY = """
    SELECT x.id, x.subject, x.case_kind, x.case_number, x.product, p.name AS product_name,
           x.participant, x.delivered_on, x.quantity, x.event
    FROM product_delivery x JOIN product p ON p.code = x.product
"""
_BY_ID = Query(CaseRow, text(f"{_CASE} WHERE c.id = :id"))
_BY_NUMBER = Query(CaseRow, text(f"{_CASE} WHERE upper(c.number) = upper(:number)"))
_OF_CASE = (
    *("id", "kind", "number", "qualifier", "participant", "location_id", "product"),
    *("opened_on", "closed_on", "active_on"),
)
_OF_DELIVERY = (
    *("id", "subject", "case_kind", "case_number", "product", "participant", "delivered_on"),
    *("quantity", "event"),
)
_CASES = Listing(
    CaseRow,
    select(
        *(case_file.c[name] for name in _OF_CASE),
        product.c.name.label("product_name"),
        participant.c.name.label("participant_name"),
    )
    .outerjoin(product, product.c.code == case_file.c.product)
    .outerjoin(participant, participant.c.code == case_file.c.participant)
    .where(visible(case_file)),
    filters={
        "participant": equals(case_file.c.participant, "participant"),
        "kind": equals(case_file.c.kind, "kind"),
        "number": func.upper(case_file.c.number).like(bindparam("number", type_=Text)),
        "location_id": equals(case_file.c.location_id, "location_id"),
    },
    order=(case_file.c.active_on, case_file.c.id),
    descending=True,
)
_DELIVERIES = Listing(
    DeliveryRow,
    select(
        *(product_delivery.c[name] for name in _OF_DELIVERY),
        product.c.name.label("product_name"),
    )
    .join(product, product.c.code == product_delivery.c.product)
    .where(visible(product_delivery)),
    filters={
        "participant": equals(product_delivery.c.participant, "participant"),
        "product": equals(product_delivery.c.product, "product"),
        "first": product_delivery.c.delivered_on >= bindparam("first", type_=Date),
        "after": product_delivery.c.delivered_on < bindparam("after", type_=Date),
    },
    order=(product_delivery.c.delivered_on, product_delivery.c.id),
    descending=True,
)
_HOURS = Query(
    HoursRow,
    text("""
        SELECT l.product, p.name AS product_name, l.state, sum(l.minutes)::int AS minutes
        FROM hour_line l JOIN product p ON p.code = l.product
        WHERE l.case_id = :id AND l.state <> 'teruggenomen' GROUP BY 1, 2, 3 ORDER BY 1, 3
    """),
)
_DELIVERED = Query(
    DeliveryRow, text(f"{_DELIVERY} WHERE x.subject = :id ORDER BY x.delivered_on, x.product")
)


class CaseHours(NamedTuple):
    """A case, the hours on it and what it delivered; no case while nothing was heard of it."""

    case: CaseRow | None
    hours: list[HoursRow]
    delivered: list[DeliveryRow]

    @property
    def minutes(self) -> int:
        """All time on the case."""
        return sum(row.minutes for row in self.hours)


async def hours_on_case(identity: UUID, ctx: ReadCtx) -> CaseHours:
    """The hours on a case. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    case = await ctx.rows.first(_BY_ID, id=identity)
    if case is None:
        return CaseHours(None, [], [])
    ctx.require_participant(case.participant)
    hours = await ctx.rows.all(_HOURS, id=identity)
    return CaseHours(case, hours, await ctx.rows.all(_DELIVERED, id=identity))


async def hours_on_number(number: str, ctx: ReadCtx) -> CaseHours:
    """The hours on the case with that number, where the caller may see it. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    case = await ctx.rows.first(_BY_NUMBER, number=number)
    if case is None or not ctx.sight.sees(case.participant):
        return CaseHours(None, [], [])
    return CaseHours(case, await ctx.rows.all(_HOURS, id=case.id), [])


async def cases(page: Paging, ctx: ReadCtx, *, number: str | None, **filters: Any) -> Page[CaseRow]:
    """Cases to book on, the newest first. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    if filters.get("participant") is not None:
        ctx.require_participant(filters["participant"])
    begin = f"{escaped(number.upper())}%" if number else None
    return await _CASES.page(ctx.rows, page, sight=ctx.sight, number=begin, **filters)


async def deliveries(
    page: Paging, ctx: ReadCtx, *, participant: str | None, product: str | None, year: int | None
) -> Page[DeliveryRow]:
    """Products that were delivered, the newest first. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    if participant is not None:
        ctx.require_participant(participant)
    filters: dict[str, Any] = {"participant": participant, "product": product}
    if year is not None:
        filters |= {"first": date(year, 1, 1), "after": date(year + 1, 1, 1)}
    return await _DELIVERIES.page(ctx.rows, page, sight=ctx.sight, **filters)


def escaped(number: str) -> str:
    """The text with the wildcards of LIKE taken literally."""
    return number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

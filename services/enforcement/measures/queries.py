"""Measures, what was forfeited under them, and the clocks that run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from services.enforcement.context import ReadCtx
from services.enforcement.measures.domain.measure import Measure, MeasureState
from services.enforcement.measures.domain.terms import ARTICLES, NEXT, TermKind
from services.enforcement.measures.tables import running
from services.enforcement.policy import queries as policy
from services.enforcement.policy.domain import mandate as mandates
from services.enforcement.policy.domain.mandate import Check, Decision
from services.enforcement.tables import forfeiture, measure, term, violation
from services.enforcement.violations.domain import Violation
from shared.contracts.enforcement import Instrument
from shared.db.filters import equals, one_of
from shared.db.listing import Listing, Page, Start
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.values import columns_of
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class MeasureRow(Measure):
    """A measure with the number of its violation."""

    violation_number: str = ""


@dataclass(frozen=True, slots=True)
class ForfeitureRow:
    """A forfeited penalty with the number of its measure."""

    measure_id: UUID
    measure_number: str
    sequence: int
    inspection_id: UUID
    forfeited_on: date
    amount: Decimal
    pay_until: date
    prescribes_on: date
    collected_on: date | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """A clock with the numbers of what it is about."""

    id: UUID
    kind: TermKind
    violation_id: UUID
    violation_number: str
    measure_id: UUID
    measure_number: str
    instrument: Instrument
    participant: str | None
    starts_on: date
    ends_on: date

    @property
    def article(self) -> str:
        """Where the term comes from."""
        return ARTICLES[self.kind]

    @property
    def next_step(self) -> str:
        """What comes after it."""
        return NEXT[self.kind]


_MEASURES = select(
    *columns_of(MeasureRow, measure), violation.c.number.label("violation_number")
).select_from(measure.join(violation, violation.c.id == measure.c.violation_id))
_LATEST_FIRST = (measure.c.chosen_on.desc(), measure.c.id.desc())
_LIST: Final = Listing(
    MeasureRow,
    _MEASURES.where(visible(measure)),
    filters={
        "states": one_of(measure.c.state, "states"),
        "state": equals(measure.c.state, "state"),
        "instrument": equals(measure.c.instrument, "instrument"),
        "participant": equals(measure.c.participant, "participant"),
        "violation_id": equals(measure.c.violation_id, "violation_id"),
        "location_id": equals(measure.c.location_id, "location_id"),
    },
    order=(measure.c.chosen_on, measure.c.id),
    descending=True,
)
_ONE: Final = Query(MeasureRow, _MEASURES.where(measure.c.id == bindparam("id"), visible(measure)))
_OF_VIOLATION: Final = Query(
    MeasureRow,
    _MEASURES.where(equals(measure.c.violation_id, "violation_id")).order_by(*_LATEST_FIRST),
)
_LOST = select(
    *columns_of(ForfeitureRow, forfeiture), measure.c.number.label("measure_number")
).select_from(forfeiture.join(measure, measure.c.id == forfeiture.c.measure_id))
_FORFEITURES: Final = Query(
    ForfeitureRow,
    _LOST.where(equals(forfeiture.c.measure_id, "measure_id")).order_by(forfeiture.c.sequence),
)
_FORFEITED_FOR: Final = Query(
    ForfeitureRow,
    _LOST.where(equals(measure.c.violation_id, "violation_id")).order_by(
        forfeiture.c.forfeited_on, forfeiture.c.sequence
    ),
)
_TERMS = select(
    *columns_of(TermRow, term),
    violation.c.number.label("violation_number"),
    measure.c.number.label("measure_number"),
    measure.c.instrument,
).select_from(
    term.join(measure, measure.c.id == term.c.measure_id).join(
        violation, violation.c.id == term.c.violation_id
    )
)
_TODAY = bindparam("today", type_=Date)
# Objection ends by itself: after its last day there is nothing to watch.
_RUNNING = (
    term.c.stopped_on.is_(None),
    or_(term.c.lapses.is_(False), term.c.ends_on >= _TODAY),
)


def _clocks(*conditions: ColumnElement[bool]) -> Listing[TermRow]:
    return Listing(
        TermRow,
        _TERMS.where(visible(term), running, *conditions),
        filters={
            "participant": equals(term.c.participant, "participant"),
            "violation_id": equals(term.c.violation_id, "violation_id"),
        },
        order=(term.c.ends_on, term.c.id),
    )


_WATCHED: Final = _clocks(~term.c.lapses)
_LAPSING: Final = _clocks(term.c.lapses, term.c.ends_on >= _TODAY)
_BY_END = (term.c.ends_on, term.c.id)
_CLOCKS_OF_VIOLATION: Final = Query(
    TermRow,
    _TERMS.where(*_RUNNING, equals(term.c.violation_id, "violation_id")).order_by(*_BY_END),
)
_CLOCKS_OF_MEASURE: Final = Query(
    TermRow,
    _TERMS.where(*_RUNNING, equals(term.c.measure_id, "measure_id")).order_by(*_BY_END),
)
_FIRST_CLOCKS: Final = Query(
    TermRow,
    _TERMS.ext(distinct_on(term.c.violation_id))
    .where(
        term.c.violation_id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        term.c.stopped_on.is_(None),
        term.c.lapses.is_(False),
    )
    .order_by(term.c.violation_id, term.c.ends_on),
)


# For API and screens: what the caller may see.


async def listed(
    start: Start, ctx: ReadCtx, states: Collection[MeasureState] | None = None, **filters: Any
) -> Page[MeasureRow]:
    """Measures, the latest first."""
    ctx.require(Scope.ENFORCEMENT_READ)
    # Of one state an index has them in order.
    one_state = next(iter(states)) if states and len(states) == 1 else None
    limits = {**filters, "state": one_state, "states": None if one_state else states or None}
    return await _LIST.page(ctx.rows, start, sight=ctx.sight, **limits)


async def one(measure_id: UUID, ctx: ReadCtx, scope: Scope = Scope.ENFORCEMENT_READ) -> MeasureRow:
    """One measure. Raises NotFound, also when it is not for the caller."""
    ctx.require(scope)
    return await ctx.rows.one(_ONE, "Deze maatregel", id=measure_id, sight=ctx.sight)


async def clocks(start: Start, ctx: ReadCtx, **filters: Any) -> Page[TermRow]:
    """Running clocks, what goes wrong first on top."""
    ctx.require(Scope.ENFORCEMENT_READ)
    # Each kind by its own index: PostgreSQL would sort all of both.
    watched = await _WATCHED.page(ctx.rows, start, sight=ctx.sight, **filters)
    lapsing = await _LAPSING.page(ctx.rows, start, sight=ctx.sight, today=ctx.today, **filters)
    rows = sorted((*watched, *lapsing), key=lambda row: (row.ends_on, row.id))
    shown = rows[: start.limit]
    more = len(rows) > start.limit or watched.next_key or lapsing.next_key
    return Page(shown, (shown[-1].ends_on, shown[-1].id) if more else None)


# Of a violation or measure that was read: who holds it may see it.


async def of_violation(found: Violation, rows: Rows) -> list[MeasureRow]:
    """The measures against a violation, the latest first."""
    return await rows.all(_OF_VIOLATION, violation_id=found.id)


async def forfeitures(found: Measure, rows: Rows) -> list[ForfeitureRow]:
    """What was forfeited under a measure, in order."""
    return await rows.all(_FORFEITURES, measure_id=found.id)


async def forfeited_for(found: Violation, rows: Rows) -> list[ForfeitureRow]:
    """What was forfeited because of a violation, in order."""
    return await rows.all(_FORFEITED_FOR, violation_id=found.id)


async def clocks_of_violation(found: Violation, today: date, rows: Rows) -> list[TermRow]:
    """The running clocks of a violation."""
    return await rows.all(_CLOCKS_OF_VIOLATION, violation_id=found.id, today=today)


async def clocks_of_measure(found: Measure, today: date, rows: Rows) -> list[TermRow]:
    """The running clocks of a measure."""
    return await rows.all(_CLOCKS_OF_MEASURE, measure_id=found.id, today=today)


async def first_clocks(violation_ids: list[UUID], rows: Rows) -> dict[UUID, TermRow]:
    """Of each violation the clock that ends first."""
    found = await rows.all(_FIRST_CLOCKS, ids=violation_ids)
    return {row.violation_id: row for row in found}


async def mandate_for(found: Measure, on: date, ctx: ReadCtx) -> Check:
    """Whether the caller may decide on the measure in the name of the participant's organ."""
    if not found.is_decision:
        return mandates.NOT_NEEDED
    decision = Decision(found.participant, found.instrument, found.maximum, on, ctx.caller.roles)
    register = await policy.mandates_for(found.participant, found.instrument, ctx.rows)
    return mandates.check(register, decision)

"""Measures, what was forfeited under them, and the clocks that run."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from services.enforcement.filters import day_and_id, given, one_of, page_of, visible
from services.enforcement.tables import forfeiture, measure, term, violation
from shared.db.rows import Row, Rows
from shared.http.paging import Paging

_NAMED = measure.join(violation, violation.c.id == measure.c.violation_id)
_COLUMNS: Final = (measure, violation.c.number.label("violation_number"))
_LIMIT = bindparam("limit", type_=Integer)
_ORDER = (measure.c.chosen_on.desc(), measure.c.id.desc())
_AFTER_DAY = bindparam("after_day", type_=Date)
_AFTER_ID = bindparam("after_id", type_=Uuid)
_BASE = (
    select(*_COLUMNS)
    .select_from(_NAMED)
    .where(
        visible(measure),
        one_of(measure.c.state, "states"),
        given(measure.c.instrument, "instrument"),
        given(measure.c.participant, "participant"),
        given(measure.c.violation_id, "violation_id"),
        given(measure.c.location_id, "location_id"),
    )
    .order_by(*_ORDER)
    .limit(_LIMIT)
)
_NEXT = _BASE.where(tuple_(measure.c.chosen_on, measure.c.id) < tuple_(_AFTER_DAY, _AFTER_ID))
_ONE = (
    select(*_COLUMNS).select_from(_NAMED).where(measure.c.id == bindparam("id"), visible(measure))
)
_OF_VIOLATION = (
    select(*_COLUMNS)
    .select_from(_NAMED)
    .where(measure.c.violation_id == bindparam("violation_id"))
    .order_by(*_ORDER)
)
_FORFEITURES = (
    select(forfeiture)
    .where(forfeiture.c.measure_id == bindparam("measure_id"))
    .order_by(forfeiture.c.sequence)
)
_OF_ALL = (
    select(forfeiture, measure.c.number.label("measure_number"))
    .select_from(forfeiture.join(measure, measure.c.id == forfeiture.c.measure_id))
    .where(measure.c.violation_id == bindparam("violation_id"))
    .order_by(forfeiture.c.forfeited_on, forfeiture.c.sequence)
)
_TERM_COLUMNS: Final = (
    term,
    violation.c.number.label("violation_number"),
    measure.c.number.label("measure_number"),
    measure.c.instrument,
)
_TERMS = term.join(measure, measure.c.id == term.c.measure_id).join(
    violation, violation.c.id == term.c.violation_id
)
_TODAY = bindparam("today", type_=Date)
# Objection ends by itself: after its last day there is nothing to watch.
_RUNNING = (term.c.stopped_on.is_(None), or_(term.c.lapses.is_(False), term.c.ends_on >= _TODAY))
_CLOCKS = (
    select(*_TERM_COLUMNS)
    .select_from(_TERMS)
    .where(
        visible(term),
        *_RUNNING,
        given(term.c.participant, "participant"),
        given(term.c.violation_id, "violation_id"),
        given(term.c.measure_id, "measure_id"),
    )
    .order_by(term.c.ends_on, term.c.id)
    .limit(_LIMIT)
)
_MORE_CLOCKS = _CLOCKS.where(tuple_(term.c.ends_on, term.c.id) > tuple_(_AFTER_DAY, _AFTER_ID))
_FIRST_CLOCKS = (
    select(*_TERM_COLUMNS)
    .select_from(_TERMS)
    .ext(distinct_on(term.c.violation_id))
    .where(
        term.c.violation_id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        term.c.stopped_on.is_(None),
        term.c.lapses.is_(False),
    )
    .order_by(term.c.violation_id, term.c.ends_on)
)

NO_FILTERS: Final[Mapping[str, Any]] = {
    "states": None,
    "instrument": None,
    "participant": None,
    "violation_id": None,
    "location_id": None,
}
MANY: Final = 1000


async def listed(
    rows: Rows, participants: list[str] | None, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Measures, the latest first."""
    params = {**NO_FILTERS, **filters, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_BASE, **params)
    else:
        day, identity = day_and_id(page.after)
        found = await rows.all(_NEXT, **params, after_day=day, after_id=identity)
    return page_of(found, page, "chosen_on", "id")


async def one(rows: Rows, measure_id: UUID, participants: list[str] | None) -> Row:
    """One measure. Raises NotFound, also when it is not for the caller."""
    return await rows.one(_ONE, "Deze maatregel", id=measure_id, participants=participants)


async def of_violation(rows: Rows, violation_id: UUID) -> list[Row]:
    """The measures against a violation, the latest first."""
    return await rows.all(_OF_VIOLATION, violation_id=violation_id)


async def forfeitures(rows: Rows, measure_id: UUID) -> list[Row]:
    """What was forfeited under a measure, in order."""
    return await rows.all(_FORFEITURES, measure_id=measure_id)


async def forfeited_for(rows: Rows, violation_id: UUID) -> list[Row]:
    """What was forfeited because of a violation, in order."""
    return await rows.all(_OF_ALL, violation_id=violation_id)


async def clocks(
    rows: Rows,
    participants: list[str] | None,
    filters: Mapping[str, Any],
    today: date,
    page: Paging,
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Running clocks, what goes wrong first on top."""
    params = {
        "participant": None,
        "violation_id": None,
        "measure_id": None,
        **filters,
        "participants": participants,
        "today": today,
        "limit": page.limit + 1,
    }
    if page.after is None:
        found = await rows.all(_CLOCKS, **params)
    else:
        day, identity = day_and_id(page.after)
        found = await rows.all(_MORE_CLOCKS, **params, after_day=day, after_id=identity)
    return page_of(found, page, "ends_on", "id")


async def clocks_of(
    rows: Rows, today: date, *, violation_id: UUID | None = None, measure_id: UUID | None = None
) -> list[Row]:
    """The running clocks of one violation, or of one measure."""
    return await rows.all(
        _CLOCKS,
        participants=None,
        participant=None,
        violation_id=violation_id,
        measure_id=measure_id,
        today=today,
        limit=MANY,
    )


async def first_clocks(rows: Rows, violation_ids: list[UUID]) -> dict[UUID, Row]:
    """Of each violation the clock that ends first."""
    found = await rows.all(_FIRST_CLOCKS, ids=violation_ids)
    return {row["violation_id"]: row for row in found}

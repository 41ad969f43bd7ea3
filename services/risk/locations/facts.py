"""What a location is scored on: the facts that count, of many locations in a few reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Date, DateTime, bindparam, cast, func, or_, select

from services.risk.locations.domain.facts import (
    TWO_YEARS,
    Complaint,
    Facts,
    Inspection,
    Measure,
    Violation,
    months_before,
)
from services.risk.locations.store import any_of
from services.risk.locations.tables import complaint, inspection, measure, violation
from shared.clock import AMSTERDAM
from shared.contracts.enforcement import InspectionKind
from shared.contracts.intake import Outcome
from shared.db.query import Query, present
from shared.db.rows import Rows

Kept = TypeVar("Kept")
Row = TypeVar("Row", bound="_OfLocation")


class ScoredLocation(Protocol):
    """The part of a location that scoring reads."""

    @property
    def id(self) -> UUID: ...
    @property
    def activities(self) -> tuple[str, ...]: ...
    @property
    def core_activity(self) -> str | None: ...


class _OfLocation(Protocol):
    @property
    def location_id(self) -> UUID: ...


class _Inspection(NamedTuple):
    location_id: UUID
    number: str
    kind: str
    completed_on: date


class _Violation(NamedTuple):
    location_id: UUID
    number: str
    established_on: date
    cell: str | None


class _Measure(NamedTuple):
    location_id: UUID
    number: str
    instrument: str
    decided_on: date


class _ComplaintDay(NamedTuple):
    location_id: UUID
    day: date
    outcome: str | None
    open: bool
    complaints: int


INSPECTIONS: Final = Query(
    _Inspection,
    select(*(inspection.c[name] for name in _Inspection._fields)).where(
        any_of(inspection.c.location_id)
    ),
)
VIOLATIONS: Final = Query(
    _Violation,
    select(*(violation.c[name] for name in _Violation._fields)).where(
        any_of(violation.c.location_id), violation.c.retracted_on.is_(None)
    ),
)
MEASURES: Final = Query(
    _Measure,
    select(*(measure.c[name] for name in _Measure._fields)).where(
        any_of(measure.c.location_id), measure.c.withdrawn_on.is_(None)
    ),
)
# A location may have tens of thousands of complaints: they are counted by day, and no older ones
# than can matter are looked at.
_day = cast(func.timezone("Europe/Amsterdam", complaint.c.received_at), Date).label("day")
_since = bindparam("since", type_=DateTime(timezone=True))
_open = complaint.c.closed_at.is_(None).label("open")
COMPLAINTS: Final = Query(
    _ComplaintDay,
    select(
        present(complaint.c.location_id),
        _day,
        complaint.c.outcome,
        _open,
        func.count().label("complaints"),
    )
    .where(
        any_of(complaint.c.location_id),
        or_(complaint.c.received_at >= _since, _open),
    )
    .group_by(complaint.c.location_id, _day, complaint.c.outcome, _open),
)


async def facts_of(
    rows: Rows, locations: Sequence[ScoredLocation], today: date, months: int = TWO_YEARS
) -> dict[UUID, Facts]:
    """The facts of each location that count, with the complaints of so many months at least."""
    ids = [location.id for location in locations]
    since = datetime.combine(months_before(today, max(months, TWO_YEARS)), time.min, AMSTERDAM)
    inspections = _grouped(await rows.all(INSPECTIONS, ids=ids), _inspection)
    violations = _grouped(await rows.all(VIOLATIONS, ids=ids), _violation)
    measures = _grouped(await rows.all(MEASURES, ids=ids), _measure)
    complaints = _grouped(await rows.all(COMPLAINTS, ids=ids, since=since), _complaint)
    return {
        location.id: Facts(
            activities=location.activities,
            core=location.core_activity,
            inspections=inspections.get(location.id, ()),
            violations=violations.get(location.id, ()),
            measures=measures.get(location.id, ()),
            complaints=complaints.get(location.id, ()),
        )
        for location in locations
    }


def _grouped(rows: Iterable[Row], made: Callable[[Row], Kept]) -> Mapping[UUID, tuple[Kept, ...]]:
    groups: dict[UUID, list[Kept]] = {}
    for row in rows:
        groups.setdefault(row.location_id, []).append(made(row))
    return {location_id: tuple(kept) for location_id, kept in groups.items()}


def _inspection(row: _Inspection) -> Inspection:
    again = row.kind == InspectionKind.REINSPECTION
    return Inspection(row.completed_on, row.number, again)


def _violation(row: _Violation) -> Violation:
    return Violation(row.established_on, row.number, row.cell)


def _measure(row: _Measure) -> Measure:
    return Measure(row.decided_on, row.instrument, row.number)


def _complaint(row: _ComplaintDay) -> Complaint:
    return Complaint(
        on=row.day,
        justified=None if row.outcome is None else row.outcome == Outcome.JUSTIFIED,
        closed=not row.open,
        count=row.complaints,
    )

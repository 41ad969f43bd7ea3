"""Locations under a lock, the facts that were told, and what they come to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.locations.domain.complaint import AboutComplaint, ComplaintState, merged
from services.risk.locations.domain.told import (
    Fact,
    MeasureState,
    ViolationState,
    corrected,
    measure_of,
    violation_of,
)
from services.risk.locations.tables import (
    activity,
    complaint,
    fact,
    inspection,
    location,
    measure,
    violation,
)
from shared.auth.sight import Sight
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted
from shared.contracts.registry import BY_TYPE
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.errors import VersionConflict
from shared.messaging.handlers import Delivery

State = TypeVar("State", ViolationState, MeasureState)
Complaints: TypeAlias = Sequence[Delivery[AboutComplaint]]
Touched: TypeAlias = list[tuple[UUID, Delivery[Any]]]


def any_of(column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """The column has one of the values of a list."""
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


@dataclass(frozen=True, slots=True)
class LockedLocation:
    """What scoring and changing need of a location."""

    id: UUID
    version: int
    number: str
    participant: str
    active: bool
    activities: tuple[str, ...]
    core_activity: str | None
    score_version: int
    last_inspection: date | None
    source_key: str | None = None


_LOCKED = select(*(location.c[name] for name in LockedLocation.__dataclass_fields__))
LOCK = Query(
    LockedLocation,
    _LOCKED.where(location.c.id == bindparam("id"), visible(location)).with_for_update(),
)
LOCK_ALL = Query(
    LockedLocation,
    _LOCKED.where(any_of(location.c.id)).order_by(location.c.id).with_for_update(),
)
IN_FORCE = Query(
    str, select(activity.c.code).where(activity.c.in_force, any_of(activity.c.code, "codes"))
)


class KeptLocation(NamedTuple):
    """A location that came from another system, by its key there."""

    source_key: str
    id: UUID
    version: int


KEYS = Query(
    KeptLocation,
    select(
        func.coalesce(location.c.source_key, "").cast(Text).label("source_key"),
        location.c.id,
        location.c.version,
    ).where(any_of(location.c.source_key, "keys")),
)


class Recorded(NamedTuple):
    """What is recorded of a location."""

    name: str
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    participant: str
    lon: float
    lat: float
    activities: tuple[str, ...]
    core_activity: str | None
    active: bool


RECORDED = Query(
    Recorded,
    select(*(location.c[name] for name in Recorded._fields)).where(
        location.c.id == bindparam("id")
    ),
)


async def lock(
    work: UnitOfWork, location_id: UUID, sight: Sight, *, version: int
) -> LockedLocation:
    """The location, locked until the unit of work ends. Raises NotFound, VersionConflict."""
    found = await work.one(LOCK, "Deze locatie", id=location_id, sight=sight)
    if found.version != version:
        raise VersionConflict("Deze locatie", expected=version, found=found.version)
    return found


async def lock_all(work: UnitOfWork, ids: Iterable[UUID]) -> list[LockedLocation]:
    """Those of the locations that exist, locked in the order of their ids."""
    return await work.all(LOCK_ALL, ids=sorted(ids))


async def unknown_activities(rows: Rows, codes: Iterable[str]) -> list[str]:
    """Those of the paragraphs that the Bal does not have, or that are empty."""
    asked = set(codes)
    if not asked:
        return []
    in_force = await rows.all(IN_FORCE, codes=sorted(asked))
    return sorted(asked.difference(in_force))


async def by_key(rows: Rows, keys: Sequence[str]) -> dict[str, KeptLocation]:
    """The locations that have one of these keys of a source already."""
    return {each.source_key: each for each in await rows.all(KEYS, keys=list(keys))}


async def recorded(rows: Rows, location_id: UUID) -> dict[str, Any]:
    """What is recorded of a location that is locked."""
    found = await rows.one(RECORDED, "Deze locatie", id=location_id)
    return {**found._asdict(), "activities": list(found.activities)}


# Facts


class _FactRow(NamedTuple):
    subject: UUID
    type: str
    id: UUID
    recorded_at: datetime
    corrects: UUID | None
    details: Mapping[str, Any]


TOLD = Query(
    _FactRow,
    select(*(fact.c[name] for name in _FactRow._fields)).where(any_of(fact.c.subject)),
)


def add_fact(work: UnitOfWork, delivery: Delivery[Any], *, corrects: UUID | None = None) -> None:
    """Add what was told; the same event once more adds nothing."""
    event, envelope = delivery.event, delivery.envelope
    row = {
        "subject": event.subject,
        "type": event.type,
        "version": event.version,
        "id": envelope.event_id,
        "location_id": event.location_id,
        "number": event.number,
        "recorded_at": envelope.time or work.now,
        "corrects": corrects,
        "details": event.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    work.insert(fact, row, ignore=True)


async def add_facts(
    work: UnitOfWork, deliveries: Sequence[Delivery[Any]]
) -> dict[UUID, list[Fact]]:
    """Add what was told of violations or measures; gives all that is known of their subjects.

    The events of one subject have one key: nobody else handles them meanwhile.
    """
    subjects = sorted({delivery.event.subject for delivery in deliveries})
    known: dict[UUID, list[Fact]] = {subject: [] for subject in subjects}
    for row in await work.all(TOLD, ids=subjects):
        event = BY_TYPE[row.type].model_validate(row.details)
        known[row.subject].append(Fact(row.id, event, row.recorded_at, row.corrects))
    for delivery in deliveries:
        told = known[delivery.event.subject]
        if not any(_same(each.event, delivery.event) for each in told):
            corrects = corrected(delivery.event, told)
            add_fact(work, delivery, corrects=corrects)
            recorded_at = delivery.envelope.time or work.now
            told.append(Fact(delivery.event_id, delivery.event, recorded_at, corrects))
    return known


def _same(one: Event, other: Event) -> bool:
    return type(one) is type(other) and one.version == other.version


async def keep_complaints(deliveries: Complaints, work: UnitOfWork) -> Touched:
    """Keep what is newest of each complaint; it counts where it was and where it now belongs."""
    stored = await _stored(deliveries, work)
    states = dict(stored)
    touched: Touched = []
    for delivery in deliveries:
        before = states[delivery.event.complaint_id]
        after = states[before.id] = merged(before, delivery.event, delivery.event_id)
        add_fact(work, delivery, corrects=_corrects(before, after))
        touched += [
            (place, delivery)
            for place in {before.location_id, after.location_id}
            if place is not None
        ]
    for complaint_id, state in states.items():
        if state != stored[complaint_id]:
            work.upsert(complaint, state._asdict(), keys=("id",))
    return touched


def _corrects(before: ComplaintState, after: ComplaintState) -> UUID | None:
    """The assessment that no longer holds."""
    return before.assessed_by if before.assessed_by != after.assessed_by else None


async def _stored(deliveries: Complaints, work: UnitOfWork) -> dict[UUID, ComplaintState]:
    """These complaints as they are kept, locked; of a new one what its first event here says."""
    new: dict[UUID, ComplaintState] = {}
    for each in deliveries:
        if each.event.complaint_id not in new:
            new[each.event.complaint_id] = merged(None, each.event, each.event_id)
    # In one order: another worker may have other events of these complaints in hand.
    rows = [new[complaint_id]._asdict() for complaint_id in sorted(new)]
    found = await work.insert_or_lock(complaint, rows, keys=("id",))
    return {state.id: state for state in (ComplaintState(**row) for row in found)}


async def keep_inspections(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    """Add what was told of inspections, and store it."""
    for delivery in deliveries:
        event: InspectionCompleted = delivery.event
        add_fact(work, delivery)
        row = {
            "id": event.inspection_id,
            "location_id": event.location_id,
            "number": event.number,
            "kind": str(event.kind),
            "completed_on": event.completed_on,
            "violations": event.violations,
        }
        work.upsert(inspection, row, keys=("id",))


async def keep_violations(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    """Add what was told of violations, and store what it comes to."""
    await _keep(deliveries, work, violation, violation_of)


async def keep_measures(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    """Add what was told of measures, and store what it comes to."""
    await _keep(deliveries, work, measure, measure_of)


async def _keep(
    deliveries: Sequence[Delivery[Any]],
    work: UnitOfWork,
    table: Table,
    state_of: Callable[[Sequence[Fact]], State | None],
) -> None:
    for facts in (await add_facts(work, deliveries)).values():
        if (state := state_of(facts)) is not None:
            work.upsert(table, state._asdict(), keys=("id",))

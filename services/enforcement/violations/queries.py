"""The work list of violations, and one violation with its whole file."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, case, func, literal, select, tuple_

from services.enforcement.filters import given, matching, number_and_id, one_of, page_of, visible
from services.enforcement.tables import (
    aspect,
    inspection,
    location,
    measure,
    position,
    topic,
    violation,
)
from services.enforcement.violations.domain import ViolationState
from shared.db.rows import Row, Rows
from shared.http.paging import Paging

_PLACED = (
    violation.outerjoin(location, location.c.id == violation.c.location_id)
    .join(inspection, inspection.c.id == violation.c.inspection_id)
    .outerjoin(topic, topic.c.code == violation.c.nature)
)
_COLUMNS: Final = (
    violation,
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    location.c.street,
    location.c.house_number,
    location.c.postcode,
    location.c.city,
    inspection.c.number.label("inspection_number"),
    inspection.c.inspector_name,
    topic.c.name.label("nature_name"),
)
_FILTERS = (
    visible(violation),
    one_of(violation.c.state, "states"),
    given(violation.c.participant, "participant"),
    given(violation.c.location_id, "location_id"),
    matching(violation.c.number, location.c.name, location.c.number, location.c.street),
    given(violation.c.incident_id, "incident_id"),
    given(violation.c.cell, "cell"),
    given(violation.c.nature, "nature"),
)
_ORDER = (violation.c.work_order, violation.c.id)
_AFTER = tuple_(*_ORDER) > tuple_(
    bindparam("after_order", type_=Integer), bindparam("after_id", type_=Uuid)
)
_LIMIT = bindparam("limit", type_=Integer)
_BASE = select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS).order_by(*_ORDER).limit(_LIMIT)
_NEXT = _BASE.where(_AFTER)
_ONE = (
    select(*_COLUMNS)
    .select_from(_PLACED)
    .where(violation.c.id == bindparam("id"), visible(violation))
)
_POSITIONS = (
    select(position)
    .where(position.c.violation_id == bindparam("violation_id"))
    .order_by(position.c.sequence.desc())
)
_ASPECTS = select(aspect).order_by(aspect.c.position)
_LIKE = case((violation.c.nature == bindparam("nature"), literal(0)), else_=literal(1))
_COMPARABLE = (
    select(
        violation.c.id.label("violation_id"),
        violation.c.number.label("violation_number"),
        violation.c.nature,
        violation.c.resolved_on,
        topic.c.name.label("nature_name"),
        measure.c.cell,
        measure.c.instrument,
        measure.c.amount,
        measure.c.maximum,
        measure.c.term_days,
        measure.c.decided_on,
    )
    .select_from(
        measure.join(violation, violation.c.id == measure.c.violation_id).outerjoin(
            topic, topic.c.code == violation.c.nature
        )
    )
    .where(
        visible(violation),
        violation.c.cell == bindparam("cell"),
        violation.c.id != bindparam("violation_id"),
        measure.c.decided_on.isnot(None),
    )
    .order_by(_LIKE, measure.c.decided_on.desc(), measure.c.id.desc())
    .limit(5)
)
_AT = (
    select(violation, topic.c.name.label("nature_name"))
    .select_from(violation.outerjoin(topic, topic.c.code == violation.c.nature))
    .where(violation.c.location_id == bindparam("location_id"), visible(violation))
    .order_by(violation.c.work_order, violation.c.id)
    .limit(_LIMIT)
)
_OF_INSPECTION = (
    select(inspection)
    .where(inspection.c.violation_id == bindparam("violation_id"))
    .order_by(inspection.c.listed_on.desc(), inspection.c.id.desc())
)
_OPEN = violation.c.state != literal(ViolationState.RESOLVED.value)
_COUNTS = select(
    func.count().label("open"),
    func.count().filter(violation.c.state == ViolationState.ESTABLISHED).label("unplaced"),
    func.count().filter(violation.c.state == ViolationState.POSITIONED).label("placed"),
    func.count().filter(violation.c.state == ViolationState.ENFORCED).label("enforced"),
    func.count().filter(violation.c.due_on < bindparam("today", type_=Date)).label("overdue"),
).where(visible(violation), _OPEN)

NO_FILTERS: Final[Mapping[str, Any]] = {
    "states": None,
    "participant": None,
    "location_id": None,
    "like": None,
    "incident_id": None,
    "cell": None,
    "nature": None,
}


async def work_list(
    rows: Rows, participants: list[str] | None, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Open violations by their first clock, then resolved ones, the latest first."""
    params = {**NO_FILTERS, **filters, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_BASE, **params)
    else:
        order, identity = number_and_id(page.after)
        found = await rows.all(_NEXT, **params, after_order=order, after_id=identity)
    return page_of(found, page, "work_order", "id")


async def one(rows: Rows, violation_id: UUID, participants: list[str] | None) -> Row:
    """One violation. Raises NotFound, also when it is not for the caller."""
    return await rows.one(_ONE, "Deze overtreding", id=violation_id, participants=participants)


async def positions(rows: Rows, violation_id: UUID) -> list[Row]:
    """Every place it was given, the last first."""
    return await rows.all(_POSITIONS, violation_id=violation_id)


async def aspects(rows: Rows) -> list[Row]:
    """The circumstances that may weigh."""
    return await rows.all(_ASPECTS)


async def comparable(rows: Rows, found: Row, participants: list[str] | None) -> list[Row]:
    """What was done in other cases of the same cell, the same kind first."""
    if found["cell"] is None:
        return []
    return await rows.all(
        _COMPARABLE,
        cell=found["cell"],
        nature=found["nature"],
        violation_id=found["id"],
        participants=participants,
    )


async def reinspections(rows: Rows, violation_id: UUID) -> list[Row]:
    """The re-inspections of a violation, newest first."""
    return await rows.all(_OF_INSPECTION, violation_id=violation_id)


async def at_location(
    rows: Rows, location_id: UUID, participants: list[str] | None, limit: int = 10
) -> list[Row]:
    """The violations at a location, open ones first."""
    return await rows.all(_AT, location_id=location_id, participants=participants, limit=limit)


async def counts(rows: Rows, participants: list[str] | None, **when: Any) -> Row:
    """How many violations are open, in which state, and how many have a clock that ended."""
    return await rows.one(_COUNTS, participants=participants, **when)

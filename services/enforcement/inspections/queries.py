"""The work list of inspections, and one inspection with its findings."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, func, literal, select, tuple_

from services.enforcement.filters import given, matching, number_and_id, one_of, page_of, visible
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.tables import finding, inspection, location, topic, violation
from shared.db.rows import Row, Rows
from shared.http.paging import Paging

_PLACED = inspection.outerjoin(location, location.c.id == inspection.c.location_id)
_COLUMNS: Final = (
    inspection,
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    location.c.street,
    location.c.house_number,
    location.c.postcode,
    location.c.city,
)
_FILTERS = (
    visible(inspection),
    one_of(inspection.c.state, "states"),
    given(inspection.c.kind, "kind"),
    given(inspection.c.participant, "participant"),
    given(inspection.c.location_id, "location_id"),
    matching(inspection.c.number, location.c.name, location.c.number, location.c.street),
    given(inspection.c.incident_id, "incident_id"),
    given(inspection.c.violation_id, "violation_id"),
    given(inspection.c.inspector, "inspector"),
)
_ORDER = (inspection.c.work_order, inspection.c.id)
_AFTER = tuple_(*_ORDER) > tuple_(
    bindparam("after_order", type_=Integer), bindparam("after_id", type_=Uuid)
)
_LIMIT = bindparam("limit", type_=Integer)
_BASE = select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS).order_by(*_ORDER).limit(_LIMIT)
_NEXT = _BASE.where(_AFTER)
_ONE = (
    select(*_COLUMNS)
    .select_from(_PLACED)
    .where(inspection.c.id == bindparam("id"), visible(inspection))
)
_FINDINGS = (
    select(finding, violation.c.number.label("violation_number"), topic.c.name.label("topic_name"))
    .select_from(
        finding.outerjoin(violation, violation.c.id == finding.c.violation_id).outerjoin(
            topic, topic.c.code == finding.c.topic
        )
    )
    .where(finding.c.inspection_id == bindparam("inspection_id"))
    .order_by(finding.c.sequence)
)
_TOPICS = select(topic).order_by(topic.c.position)
_AT = (
    select(inspection)
    .where(inspection.c.location_id == bindparam("location_id"), visible(inspection))
    .order_by(inspection.c.listed_on.desc(), inspection.c.id.desc())
    .limit(_LIMIT)
)
_COUNTS = select(
    func.count().label("planned"),
    func.count().filter(inspection.c.listed_on < bindparam("today", type_=Date)).label("overdue"),
    func.count().filter(inspection.c.listed_on == bindparam("today", type_=Date)).label("today"),
    func.count().filter(inspection.c.inspector == bindparam("inspector")).label("mine"),
).where(visible(inspection), inspection.c.state == literal(InspectionState.PLANNED.value))

NO_FILTERS: Final[Mapping[str, Any]] = {
    "states": None,
    "kind": None,
    "participant": None,
    "location_id": None,
    "like": None,
    "incident_id": None,
    "violation_id": None,
    "inspector": None,
}


async def work_list(
    rows: Rows, participants: list[str] | None, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Planned inspections by their day, then completed ones, the latest first."""
    params = {**NO_FILTERS, **filters, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_BASE, **params)
    else:
        order, identity = number_and_id(page.after)
        found = await rows.all(_NEXT, **params, after_order=order, after_id=identity)
    return page_of(found, page, "work_order", "id")


async def one(rows: Rows, inspection_id: UUID, participants: list[str] | None) -> Row:
    """One inspection. Raises NotFound, also when it is not for the caller."""
    return await rows.one(_ONE, "Deze controle", id=inspection_id, participants=participants)


async def findings(rows: Rows, inspection_id: UUID) -> list[Row]:
    """The findings, in order."""
    return await rows.all(_FINDINGS, inspection_id=inspection_id)


async def topics(rows: Rows) -> list[Row]:
    """What an inspection can be about."""
    return await rows.all(_TOPICS)


async def at_location(
    rows: Rows, location_id: UUID, participants: list[str] | None, limit: int = 10
) -> list[Row]:
    """The inspections at a location, newest first."""
    return await rows.all(_AT, location_id=location_id, participants=participants, limit=limit)


async def counts(rows: Rows, participants: list[str] | None, **whose: Any) -> Row:
    """How many inspections are planned, overdue, for today, and mine."""
    return await rows.one(_COUNTS, participants=participants, **whose)

"""Incidents with their complaints, and those that a complaint may join."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Integer, Uuid, bindparam, case, func, select, tuple_

from services.intake.conditions import given, visible
from services.intake.incidents.domain import IncidentState
from services.intake.tables import (
    complaint,
    incident,
    inspection,
    inspection_request,
    location,
    timeline_entry,
    violation,
)
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor
from shared.http.schema import Instant

_COUNT = (
    select(func.count())
    .where(complaint.c.incident_id == incident.c.id)
    .scalar_subquery()
    .label("complaints")
)
_PLACED = incident.outerjoin(location, location.c.id == incident.c.location_id)
_COLUMNS: Final = (
    incident,
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    _COUNT,
)
_FILTERS = (
    visible(incident),
    given(incident.c.state, "state"),
    given(incident.c.category, "category"),
    given(incident.c.participant, "participant"),
    given(incident.c.location_id, "location_id"),
)
_ORDER = (incident.c.started_at.desc(), incident.c.id.desc())
_LIMIT = bindparam("limit", type_=Integer)
_AFTER = tuple_(incident.c.started_at, incident.c.id) < tuple_(
    bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid)
)
_LIST = select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS).order_by(*_ORDER).limit(_LIMIT)
_NEXT = (
    select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS, _AFTER).order_by(*_ORDER).limit(_LIMIT)
)
_ONE = (
    select(*_COLUMNS)
    .select_from(_PLACED)
    .where(incident.c.id == bindparam("id"), visible(incident))
)
_JOINABLE = (
    select(*_COLUMNS)
    .select_from(_PLACED)
    .where(
        incident.c.location_id == bindparam("location_id"),
        incident.c.state == IncidentState.RUNNING.value,
    )
    .order_by(
        case((incident.c.category == bindparam("category"), 0), else_=1),
        incident.c.started_at.desc(),
    )
    .limit(10)
)
_REQUESTS = (
    select(inspection_request)
    .where(inspection_request.c.incident_id == bindparam("incident_id"))
    .order_by(inspection_request.c.requested_at.desc())
)
_INSPECTIONS = (
    select(inspection)
    .where(inspection.c.incident_id == bindparam("incident_id"))
    .order_by(inspection.c.number)
)
_VIOLATIONS = (
    select(violation)
    .where(violation.c.incident_id == bindparam("incident_id"))
    .order_by(violation.c.number)
)
_TIMELINE = (
    select(timeline_entry)
    .where(timeline_entry.c.incident_id == bindparam("incident_id"))
    .order_by(timeline_entry.c.at.desc(), timeline_entry.c.id.desc())
)
NO_FILTERS: Final[Mapping[str, Any]] = {
    "state": None,
    "category": None,
    "participant": None,
    "location_id": None,
}
_INSTANT = TypeAdapter(Instant)


async def listed(
    rows: Rows, participants: list[str] | None, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Incidents, newest first; and the key of the last row when more follow."""
    params = {**NO_FILTERS, **filters, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_LIST, **params)
    else:
        after_at, after_id = _key(page.after)
        found = await rows.all(_NEXT, **params, after_at=after_at, after_id=after_id)
    if len(found) <= page.limit:
        return found, None
    last = found[page.limit - 1]
    return found[: page.limit], (last["started_at"].isoformat(), last["id"])


def _key(after: tuple[Any, ...]) -> tuple[Any, UUID]:
    try:
        started_at, incident_id = after
        return _INSTANT.validate_python(started_at), UUID(str(incident_id))
    except (TypeError, ValueError):
        raise bad_cursor() from None


async def one(rows: Rows, incident_id: UUID, participants: list[str] | None) -> Row:
    """One incident. Raises NotFound, also when it is not for the caller."""
    return await rows.one(_ONE, "Dit incident", id=incident_id, participants=participants)


async def joinable(rows: Rows, location_id: UUID, category: str) -> list[Row]:
    """Running incidents at the location, those of the same category first."""
    return await rows.all(_JOINABLE, location_id=location_id, category=category)


async def requests(rows: Rows, incident_id: UUID) -> list[Row]:
    """The inspections asked for, newest first."""
    return await rows.all(_REQUESTS, incident_id=incident_id)


async def inspections(rows: Rows, incident_id: UUID) -> list[Row]:
    """The inspections that enforcement told of."""
    return await rows.all(_INSPECTIONS, incident_id=incident_id)


async def violations(rows: Rows, incident_id: UUID) -> list[Row]:
    """The violations that enforcement told of."""
    return await rows.all(_VIOLATIONS, incident_id=incident_id)


async def timeline(rows: Rows, incident_id: UUID) -> list[Row]:
    """What happened to the incident, newest first."""
    return await rows.all(_TIMELINE, incident_id=incident_id)

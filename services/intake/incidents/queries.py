"""Incidents with their complaints, and those that a complaint may join."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, case, func, select

from services.intake.context import ReadCtx
from services.intake.incidents.domain import IncidentState, Perpetrator
from services.intake.letters.domain.letters import CaseFacts
from services.intake.tables import (
    complaint,
    incident,
    inspection,
    inspection_request,
    location,
    violation,
)
from services.intake.timeline import queries as timelines
from services.intake.timeline.queries import EntryRow
from shared.contracts.intake import Urgency
from shared.db.listing import Listing, Page, Start
from shared.db.query import Query, present
from shared.db.rows import Rows
from shared.db.search import beginning, begins
from shared.db.sight import visible
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident with its location, and how many complained of it."""

    id: UUID
    number: str
    version: int
    state: IncidentState
    category: str
    location_id: UUID
    location_name: str | None
    location_number: str | None
    participant: str | None
    perpetrator: Perpetrator
    started_at: datetime
    concluded_at: datetime | None
    complaints: int


@dataclass(frozen=True, slots=True)
class RequestRow:
    """An inspection that was asked for."""

    id: UUID
    incident_id: UUID
    urgency: Urgency
    reason: str
    actor: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection that enforcement told of."""

    id: UUID
    number: str
    planned_on: date | None
    completed_on: date | None
    violations: int | None


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """A violation that enforcement told of."""

    id: UUID
    number: str
    established_on: date
    measure_on: date | None
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class _Counted:
    violations: int
    resolved: int
    measures: int


_COUNT = (
    select(func.count())
    .where(complaint.c.incident_id == incident.c.id)
    .scalar_subquery()
    .label("complaints")
)
_PLACED = incident.outerjoin(location, location.c.id == incident.c.location_id)
_OWN: Final = [name for name in IncidentRow.__slots__ if name in incident.c]
_ALL: Final = select(
    *(incident.c[name] for name in _OWN),
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    _COUNT,
).select_from(_PLACED)
_OF_INCIDENT: Final = bindparam("incident_id", type_=Uuid)
_LIST: Final = Listing(
    IncidentRow,
    _ALL.where(visible(incident)),
    filters={
        "state": incident.c.state == bindparam("state", type_=Text),
        "category": incident.c.category == bindparam("category", type_=Text),
        "participant": incident.c.participant == bindparam("participant", type_=Text),
        "location_id": incident.c.location_id == bindparam("location_id", type_=Uuid),
    },
    order=(incident.c.started_at, incident.c.id),
    descending=True,
)
_ONE: Final = Query(IncidentRow, _ALL.where(incident.c.id == bindparam("id"), visible(incident)))
_JOINABLE: Final = Query(
    IncidentRow,
    _ALL.where(
        incident.c.location_id == bindparam("location_id"),
        incident.c.state == IncidentState.RUNNING.value,
        visible(incident),
    )
    .order_by(
        case((incident.c.category == bindparam("category"), 0), else_=1),
        incident.c.started_at.desc(),
    )
    .limit(10),
)
_BY_NUMBER: Final = Query(
    IncidentRow,
    _ALL.where(visible(incident), begins(incident.c.number, "number"))
    .order_by(incident.c.started_at.desc())
    .limit(bindparam("shown", type_=Integer)),
)
_REQUESTS: Final = Listing(
    RequestRow,
    select(*(inspection_request.c[name] for name in RequestRow.__slots__)).where(
        inspection_request.c.incident_id == _OF_INCIDENT
    ),
    filters={},
    order=(inspection_request.c.requested_at, inspection_request.c.id),
    descending=True,
)
_INSPECTIONS: Final = Query(
    InspectionRow,
    select(*(inspection.c[name] for name in InspectionRow.__slots__))
    .where(inspection.c.incident_id == _OF_INCIDENT)
    .order_by(inspection.c.number),
)
_VIOLATIONS: Final = Query(
    ViolationRow,
    select(*(violation.c[name] for name in ViolationRow.__slots__))
    .where(violation.c.incident_id == _OF_INCIDENT)
    .order_by(violation.c.number),
)
_OF_COMPLAINTS = select(func.count()).where(complaint.c.incident_id == _OF_INCIDENT)
_COMPLAINTS: Final = Query(int, _OF_COMPLAINTS)
_OPEN_COMPLAINTS: Final = Query(int, _OF_COMPLAINTS.where(complaint.c.closed_at.is_(None)))
_INSPECTED: Final = Query(
    date,
    select(present(inspection.c.completed_on))
    .where(inspection.c.incident_id == _OF_INCIDENT, inspection.c.completed_on.isnot(None))
    .order_by(inspection.c.completed_on),
)
_COUNTED: Final = Query(
    _Counted,
    select(
        func.count().label("violations"),
        func.count(violation.c.resolved_on).label("resolved"),
        func.count(violation.c.measure_on).label("measures"),
    ).where(violation.c.incident_id == _OF_INCIDENT),
)


async def listed(ctx: ReadCtx, start: Start, **filters: Any) -> Page[IncidentRow]:
    """Incidents, newest first."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await _LIST.page(ctx.rows, start, sight=ctx.sight, **filters)


async def one(incident_id: UUID, ctx: ReadCtx) -> IncidentRow:
    """One incident. Raises NotFound, also when it is not for the caller."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.one(_ONE, "Dit incident", id=incident_id, sight=ctx.sight)


async def joinable(location_id: UUID, category: str, ctx: ReadCtx) -> list[IncidentRow]:
    """Running incidents at the location, those of the same category first."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.all(
        _JOINABLE, location_id=location_id, category=category, sight=ctx.sight
    )


async def by_number(number: str, shown: int, ctx: ReadCtx) -> list[IncidentRow]:
    """Incidents whose number begins so, newest first."""
    ctx.require(Scope.COMPLAINTS_READ)
    begun = beginning("number", number)
    return await ctx.rows.all(_BY_NUMBER, shown=shown, sight=ctx.sight, **begun)


async def requests(incident_id: UUID, start: Start, ctx: ReadCtx) -> Page[RequestRow]:
    """The inspections asked for, newest first. Raises NotFound."""
    await one(incident_id, ctx)
    return await _REQUESTS.page(ctx.rows, start, incident_id=incident_id)


async def timeline(incident_id: UUID, start: Start, ctx: ReadCtx) -> Page[EntryRow]:
    """What happened to the incident, newest first. Raises NotFound."""
    await one(incident_id, ctx)
    return await timelines.of_incident(ctx.rows, incident_id, start)


async def inspections(incident_id: UUID, ctx: ReadCtx) -> list[InspectionRow]:
    """The inspections that enforcement told of."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.all(_INSPECTIONS, incident_id=incident_id)


async def violations(incident_id: UUID, ctx: ReadCtx) -> list[ViolationRow]:
    """The violations that enforcement told of."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.all(_VIOLATIONS, incident_id=incident_id)


async def count_complaints(rows: Rows, incident_id: UUID) -> int:
    """How many complaints the incident has."""
    return await rows.value(_COMPLAINTS, incident_id=incident_id) or 0


async def count_open_complaints(rows: Rows, incident_id: UUID) -> int:
    """How many complaints of the incident are not finished."""
    return await rows.value(_OPEN_COMPLAINTS, incident_id=incident_id) or 0


async def facts_of(rows: Rows, incident_id: UUID | None) -> CaseFacts:
    """What enforcement did about the incident."""
    if incident_id is None:
        return CaseFacts()
    inspected = await rows.all(_INSPECTED, incident_id=incident_id)
    counted = await rows.one(_COUNTED, incident_id=incident_id)
    return CaseFacts(tuple(inspected), counted.violations, counted.resolved, counted.measures)

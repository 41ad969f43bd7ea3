"""What other services tell: locations become a projection, enforcement a time line."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.intake.tables import incident, inspection, location, participant, violation
from services.intake.timeline.commands import Note, note
from shared.contracts.base import Event
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionPlanned,
    MeasureImposed,
    ViolationEstablished,
    ViolationResolved,
)
from shared.contracts.risk import LocationRegistered
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.locations import KeptLocations
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.participants import KeptParticipants
from shared.rebuild.projection import Projection, only
from shared.ui.formats import aantal

# Events about our incidents, each with the incident.
Kept: TypeAlias = Sequence[tuple[Any, UUID]]
Keep: TypeAlias = Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[Kept]]

_IDS = bindparam("ids", type_=ARRAY(Uuid))


class _OfIncident(NamedTuple):
    id: UUID
    incident_id: UUID


class _Incident(NamedTuple):
    id: UUID
    location_id: UUID
    participant: str | None


_INCIDENTS: Final = Query(
    _Incident,
    select(incident.c.id, incident.c.location_id, incident.c.participant).where(
        incident.c.id == func.any(_IDS)
    ),
)
_OF_INSPECTIONS: Final = Query(
    _OfIncident,
    select(inspection.c.id, inspection.c.incident_id).where(inspection.c.id == func.any(_IDS)),
)
_OF_VIOLATIONS: Final = Query(
    _OfIncident,
    select(violation.c.id, violation.c.incident_id).where(violation.c.id == func.any(_IDS)),
)
_LOCATIONS = KeptLocations(location)


async def on_locations(
    deliveries: Sequence[Delivery[LocationRegistered]], work: UnitOfWork
) -> None:
    """Keep the newest state of each location."""
    await _LOCATIONS.keep(deliveries, work)


async def keep_planned(deliveries: Sequence[Delivery[InspectionPlanned]], work: UnitOfWork) -> Kept:
    """Inspections because of one of our incidents, or of a violation that came of it."""
    kept = await _with_incident(deliveries, work)
    for event, incident_id in kept:
        row = {"id": event.inspection_id, "incident_id": incident_id, "number": event.number}
        work.upsert(inspection, {**row, "planned_on": event.planned_on}, keys=("id",))
    return kept


async def keep_completed(
    deliveries: Sequence[Delivery[InspectionCompleted]], work: UnitOfWork
) -> Kept:
    """Those inspections, carried out."""
    kept = await _with_incident(deliveries, work)
    for event, incident_id in kept:
        row = {
            "id": event.inspection_id,
            "incident_id": incident_id,
            "number": event.number,
            "completed_on": event.completed_on,
            "violations": event.violations,
        }
        work.upsert(inspection, row, keys=("id",))
    return kept


async def keep_established(
    deliveries: Sequence[Delivery[ViolationEstablished]], work: UnitOfWork
) -> Kept:
    """Violations that such an inspection found."""
    events = [delivery.event for delivery in deliveries]
    known = await _incidents(_OF_INSPECTIONS, (event.inspection_id for event in events), work)
    kept = [(event, known[event.inspection_id]) for event in events if event.inspection_id in known]
    for event, incident_id in kept:
        row = {
            "id": event.violation_id,
            "incident_id": incident_id,
            "number": event.number,
            "established_on": event.established_on,
        }
        work.upsert(violation, row, keys=("id",))
    return kept


def adding(values: Callable[[Any], dict[str, Any]]) -> Keep:
    """Add to the violations that came of our incidents what became of them."""

    async def keep(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> Kept:
        events = [delivery.event for delivery in deliveries]
        known = await _incidents(_OF_VIOLATIONS, (event.violation_id for event in events), work)
        kept = [
            (event, known[event.violation_id]) for event in events if event.violation_id in known
        ]
        for event, _ in kept:
            work.update(violation, key={"id": event.violation_id}, values=values(event))
        return kept

    return keep


async def _with_incident(
    deliveries: Sequence[Delivery[InspectionPlanned]] | Sequence[Delivery[InspectionCompleted]],
    work: UnitOfWork,
) -> Kept:
    """The events about our incidents: they name one, or a violation that came of one.

    An inspection elsewhere, for another participant, is no part of the file: whoever planned it may
    have named an incident that they do not see, and who sees the incident does not see it.
    """
    events = [delivery.event for delivery in deliveries]
    asked = (e.violation_id for e in events if e.incident_id is None and e.violation_id is not None)
    known = await _incidents(_OF_VIOLATIONS, asked, work)
    found = [(event, event.incident_id or known.get(event.violation_id)) for event in events]
    wanted = sorted({incident_id for _, incident_id in found if incident_id is not None})
    rows = await work.all(_INCIDENTS, ids=wanted) if wanted else []
    ours = {row.id: row for row in rows}
    return [
        (event, incident_id)
        for event, incident_id in found
        if incident_id is not None and _is_of(event, ours.get(incident_id))
    ]


def _is_of(event: InspectionPlanned | InspectionCompleted, ours: _Incident | None) -> bool:
    """At the location of the incident, or at another one of its participant."""
    if ours is None:
        return False
    return event.location_id == ours.location_id or event.participant == ours.participant


async def _incidents(
    statement: Query[_OfIncident], ids: Iterable[UUID], work: UnitOfWork
) -> Mapping[UUID | None, UUID]:
    """The incident of each of these inspections or violations that we know of."""
    wanted = sorted(set(ids))
    rows = await work.all(statement, ids=wanted) if wanted else []
    return {row.id: row.incident_id for row in rows}


def telling(keep: Keep, tell: Callable[[UnitOfWork, UUID, Any], None]) -> Handler:
    """A handler that keeps what enforcement tells, and notes it in the time line."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        for event, incident_id in await keep(deliveries, work):
            tell(work, incident_id, event)

    return handle


def _tell_planned(work: UnitOfWork, incident_id: UUID, event: InspectionPlanned) -> None:
    planned = f"Voor {event.planned_on:%d-%m-%Y}" if event.planned_on else None
    _tell(work, incident_id, f"Controle {event.number} gepland", planned, _link(event))


def _tell_completed(work: UnitOfWork, incident_id: UUID, event: InspectionCompleted) -> None:
    findings = aantal(event.findings, "bevinding", "bevindingen")
    found = f"{findings}, {aantal(event.violations, 'overtreding', 'overtredingen')}"
    title = f"Controle {event.number} uitgevoerd"
    _tell(work, incident_id, title, found, _link(event), on=event.completed_on)


def _tell_established(work: UnitOfWork, incident_id: UUID, event: ViolationEstablished) -> None:
    title = f"Overtreding {event.number} vastgesteld"
    _tell(work, incident_id, title, event.nature, _link(event), on=event.established_on)


def _tell_resolved(work: UnitOfWork, incident_id: UUID, event: ViolationResolved) -> None:
    title = f"Overtreding {event.number} hersteld"
    _tell(work, incident_id, title, None, _link(event), on=event.resolved_on)


def _tell_measure(work: UnitOfWork, incident_id: UUID, event: MeasureImposed) -> None:
    title = f"Maatregel opgelegd: {event.instrument}"
    _tell(work, incident_id, title, event.number, _link(event), on=event.decided_on)


def _tell(
    work: UnitOfWork,
    incident_id: UUID,
    title: str,
    detail: str | None,
    link: str,
    *,
    on: date | None = None,
) -> None:
    at = work.now
    if on is not None and on < work.today:
        at = datetime.combine(on, time(12), UTC)
    told = Note(
        title=title,
        by="Toezicht en handhaving",
        incident_id=incident_id,
        detail=detail,
        link=link,
        at=at,
    )
    note(told, work)


def _link(event: Event) -> str:
    """The page of the thing that enforcement tells about."""
    return f"/{event.service}/{event.resource}/{event.subject}"


keep_resolved = adding(lambda event: {"resolved_on": event.resolved_on})
keep_measure = adding(lambda event: {"measure_on": event.decided_on})

PARTICIPANTS: Final = KeptParticipants(participant)
CONSUMERS: Final[Handlers] = {
    **PARTICIPANTS.handlers,
    LocationRegistered: on_locations,
    InspectionPlanned: telling(keep_planned, _tell_planned),
    InspectionCompleted: telling(keep_completed, _tell_completed),
    ViolationEstablished: telling(keep_established, _tell_established),
    ViolationResolved: telling(keep_resolved, _tell_resolved),
    MeasureImposed: telling(keep_measure, _tell_measure),
}
# The time line is no projection: it also holds what people did here, and when this was heard.
PROJECTIONS: Final = (
    PARTICIPANTS.projection,
    Projection(
        name="locaties",
        title="Locaties van risico",
        tables=(location,),
        handlers={LocationRegistered: on_locations},
    ),
    Projection(
        name="toezicht",
        title="Controles en overtredingen bij incidenten",
        tables=(inspection, violation),
        handlers={
            InspectionPlanned: only(keep_planned),
            InspectionCompleted: only(keep_completed),
            ViolationEstablished: only(keep_established),
            ViolationResolved: only(keep_resolved),
            MeasureImposed: only(keep_measure),
        },
    ),
)

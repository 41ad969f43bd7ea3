"""What other services tell: locations become a projection, enforcement a time line."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from services.intake import repository
from services.intake.tables import inspection, location, violation
from shared.contracts.base import Event
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionPlanned,
    MeasureImposed,
    ViolationEstablished,
    ViolationResolved,
)
from shared.contracts.risk import LocationRegistered
from shared.locations import KeptLocations
from shared.messaging.handlers import Delivery, Handlers, each
from shared.ui.formats import aantal
from shared.work import Work

_INCIDENT_OF_INSPECTION = select(inspection.c.incident_id).where(inspection.c.id == bindparam("id"))
_INCIDENT_OF_VIOLATION = select(violation.c.incident_id).where(violation.c.id == bindparam("id"))
_LOCATIONS = KeptLocations(location)


async def on_locations(deliveries: Sequence[Delivery[LocationRegistered]], work: Work) -> None:
    """Keep the newest state of each location."""
    await _LOCATIONS.keep(deliveries, work)


async def on_inspection_planned(event: InspectionPlanned, work: Work) -> None:
    """An inspection because of one of our incidents, or of a violation that came of it."""
    incident_id = await _incident_of(event, work)
    if incident_id is None:
        return
    row = {"id": event.inspection_id, "incident_id": incident_id, "number": event.number}
    work.upsert(inspection, {**row, "planned_on": event.planned_on}, keys=("id",))
    planned = f"Voor {event.planned_on:%d-%m-%Y}" if event.planned_on else None
    _tell(work, incident_id, f"Controle {event.number} gepland", planned, _link(event))


async def on_inspection_completed(event: InspectionCompleted, work: Work) -> None:
    """The inspection was carried out."""
    incident_id = await _incident_of(event, work)
    if incident_id is None:
        return
    row = {
        "id": event.inspection_id,
        "incident_id": incident_id,
        "number": event.number,
        "completed_on": event.completed_on,
        "violations": event.violations,
    }
    work.upsert(inspection, row, keys=("id",))
    findings = aantal(event.findings, "bevinding", "bevindingen")
    found = f"{findings}, {aantal(event.violations, 'overtreding', 'overtredingen')}"
    title = f"Controle {event.number} uitgevoerd"
    _tell(work, incident_id, title, found, _link(event), on=event.completed_on)


async def on_violation_established(event: ViolationEstablished, work: Work) -> None:
    """An inspection because of our incident found a violation."""
    incident_id = await work.value(_INCIDENT_OF_INSPECTION, id=event.inspection_id)
    if incident_id is None:
        return
    row = {
        "id": event.violation_id,
        "incident_id": incident_id,
        "number": event.number,
        "established_on": event.established_on,
    }
    work.upsert(violation, row, keys=("id",))
    title = f"Overtreding {event.number} vastgesteld"
    _tell(work, incident_id, title, event.nature, _link(event), on=event.established_on)


async def on_violation_resolved(event: ViolationResolved, work: Work) -> None:
    """The violation has ended."""
    incident_id = await work.value(_INCIDENT_OF_VIOLATION, id=event.violation_id)
    if incident_id is None:
        return
    key = {"id": event.violation_id}
    work.update(violation, key=key, values={"resolved_on": event.resolved_on})
    title = f"Overtreding {event.number} hersteld"
    _tell(work, incident_id, title, None, _link(event), on=event.resolved_on)


async def on_measure_imposed(event: MeasureImposed, work: Work) -> None:
    """A measure was imposed for a violation that came of our incident."""
    incident_id = await work.value(_INCIDENT_OF_VIOLATION, id=event.violation_id)
    if incident_id is None:
        return
    key = {"id": event.violation_id}
    work.update(violation, key=key, values={"measure_on": event.decided_on})
    title = f"Maatregel opgelegd: {event.instrument}"
    _tell(work, incident_id, title, event.number, _link(event), on=event.decided_on)


async def _incident_of(event: InspectionPlanned | InspectionCompleted, work: Work) -> UUID | None:
    if event.incident_id is not None:
        return event.incident_id
    if event.violation_id is None:
        return None
    found: UUID | None = await work.value(_INCIDENT_OF_VIOLATION, id=event.violation_id)
    return found


def _tell(
    work: Work,
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
    repository.note(
        work,
        title,
        incident_id=incident_id,
        detail=detail,
        link=link,
        at=at,
        by="Toezicht en handhaving",
    )


def _link(event: Event) -> str:
    """The page of the thing that enforcement tells about."""
    return f"/{event.service}/{event.resource}/{event.subject}"


CONSUMERS: Final[Handlers] = {
    LocationRegistered: on_locations,
    InspectionPlanned: each(on_inspection_planned),
    InspectionCompleted: each(on_inspection_completed),
    ViolationEstablished: each(on_violation_established),
    ViolationResolved: each(on_violation_resolved),
    MeasureImposed: each(on_measure_imposed),
}

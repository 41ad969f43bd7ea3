"""What other services tell of a location: each fact is kept, and the location scored at once."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.risk import repository
from services.risk.scoring import rescore
from services.risk.tables import complaint, inspection, violation
from shared.contracts.enforcement import (
    InspectionCompleted,
    Instrument,
    MeasureImposed,
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
)
from shared.contracts.intake import ComplaintAssessed, ComplaintClosed, ComplaintLinked
from shared.messaging.handlers import Delivery, Handlers
from shared.work import Work

# Instruments that are a sanction; the lighter ones are part of ordinary supervision.
SANCTIONS = frozenset(Instrument) - {
    Instrument.INFORM,
    Instrument.ADDRESS,
    Instrument.WARNING,
    Instrument.TALK,
    Instrument.STRICTER_SUPERVISION,
}


async def on_complaints_linked(deliveries: Sequence[Delivery[ComplaintLinked]], work: Work) -> None:
    """The complaint counts at its location; a later link moves it."""
    for event in _events(deliveries):
        row = {
            "id": event.complaint_id,
            "version": event.version,
            "location_id": event.location_id,
            "number": event.number,
            "category": event.category,
            "received_at": event.received_at,
        }
        work.upsert(complaint, row, keys=("id",))
    await rescore(work, {event.location_id for event in _events(deliveries)}, "klacht gekoppeld")


async def on_complaints_assessed(
    deliveries: Sequence[Delivery[ComplaintAssessed]], work: Work
) -> None:
    """The complaint figures know what was justified."""
    for event in _events(deliveries):
        values = {"outcome": str(event.outcome), "version": event.version}
        work.update(complaint, key={"id": event.complaint_id}, values=values)


async def on_complaints_closed(deliveries: Sequence[Delivery[ComplaintClosed]], work: Work) -> None:
    """The complaint is no longer open."""
    for event in _events(deliveries):
        values = {"closed_at": event.closed_at, "version": event.version}
        work.update(complaint, key={"id": event.complaint_id}, values=values)


async def on_inspections(deliveries: Sequence[Delivery[InspectionCompleted]], work: Work) -> None:
    """The location was inspected."""
    for event in _events(deliveries):
        row = {
            "id": event.inspection_id,
            "location_id": event.location_id,
            "number": event.number,
            "kind": str(event.kind),
            "completed_on": event.completed_on,
            "violations": event.violations,
        }
        repository.fact(work, inspection, row)
    await _rescore(deliveries, work, "controle uitgevoerd")


async def on_violations(deliveries: Sequence[Delivery[ViolationEstablished]], work: Work) -> None:
    """A violation was found at the location."""
    for event in _events(deliveries):
        row = {
            "id": event.violation_id,
            "location_id": event.location_id,
            "number": event.number,
            "established_on": event.established_on,
            "nature": event.nature,
        }
        repository.fact(work, violation, row)
    await _rescore(deliveries, work, "overtreding geconstateerd")


async def on_positioned(deliveries: Sequence[Delivery[ViolationPositioned]], work: Work) -> None:
    """The violation has its place in the LHSO matrix."""
    for event in _events(deliveries):
        work.update(violation, key={"id": event.violation_id}, values={"cell": event.cell})
    await _rescore(deliveries, work, "overtreding gepositioneerd")


async def on_resolved(deliveries: Sequence[Delivery[ViolationResolved]], work: Work) -> None:
    """The violation has ended."""
    for event in _events(deliveries):
        values = {"resolved_on": event.resolved_on}
        work.update(violation, key={"id": event.violation_id}, values=values)
    await _rescore(deliveries, work, "overtreding hersteld")


async def on_measures(deliveries: Sequence[Delivery[MeasureImposed]], work: Work) -> None:
    """A sanction was imposed for the violation."""
    for event in _events(deliveries):
        if event.instrument in SANCTIONS:
            values = {"sanctioned_on": event.decided_on}
            work.update(violation, key={"id": event.violation_id}, values=values)
    await _rescore(deliveries, work, "handhavingsmaatregel opgelegd")


def _events(deliveries: Sequence[Delivery[Any]]) -> list[Any]:
    return [delivery.event for delivery in deliveries]


async def _rescore(deliveries: Sequence[Delivery[Any]], work: Work, cause: str) -> None:
    touched: set[UUID] = {event.location_id for event in _events(deliveries)}
    await rescore(work, touched, cause)


CONSUMERS: Final[Handlers] = {
    ComplaintLinked: on_complaints_linked,
    ComplaintAssessed: on_complaints_assessed,
    ComplaintClosed: on_complaints_closed,
    InspectionCompleted: on_inspections,
    ViolationEstablished: on_violations,
    ViolationPositioned: on_positioned,
    ViolationResolved: on_resolved,
    MeasureImposed: on_measures,
}

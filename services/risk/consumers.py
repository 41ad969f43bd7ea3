"""What other services tell of a location: each fact is kept, and the location scored at once.

Handlers take whole runs of events: an import of thousands of facts is a few statements. Keeping is
apart from scoring: the facts can be rebuilt from the log, the history of the scores cannot.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import Table

from services.risk.locations.tables import complaint, inspection, measure, violation
from services.risk.models.commands import SCORE_ALL_ANEW
from services.risk.scores.commands import Cause, rescore
from services.risk.tables import participant
from shared.contracts.base import Event
from shared.contracts.enforcement import (
    InspectionCompleted,
    MeasureImposed,
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
)
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
)
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.participants import KeptParticipants
from shared.rebuild.projection import Projection, only

# Keeps facts; gives the locations that they touch, each with the event that did.
Touched: TypeAlias = Sequence[tuple[UUID, Delivery[Any]]]
Keep: TypeAlias = Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[Touched]]
AboutComplaint = ComplaintReceived | ComplaintLinked | ComplaintAssessed | ComplaintClosed
Complaints = Sequence[Delivery[AboutComplaint]]


class Fact(NamedTuple):
    """How a fact is kept, and what is said of it; `tells` as in the cause of a score."""

    keep: Keep
    happened: Callable[[Any], str]
    tells: bool = False


def scoring(fact: Fact) -> Handler:
    """A handler that keeps facts and scores their locations."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        touched = await fact.keep(deliveries, work)
        causes = {
            place: Cause(fact.happened(each.event), each.envelope.event_id, tells=fact.tells)
            for place, each in touched
        }
        await rescore(work, causes)

    return handle


async def keep_complaints(deliveries: Complaints, work: UnitOfWork) -> Touched:
    """Keep what is newest of each complaint; it counts where it was and where it now belongs.

    The events of a complaint that moved come by the keys of both locations, so in any order.
    """
    kept = await _kept(deliveries, work)
    known = dict(kept)
    touched: list[tuple[UUID, Delivery[Any]]] = []
    for delivery in deliveries:
        event = delivery.event
        before = known[event.complaint_id]
        after = known[event.complaint_id] = merged(before, event)
        touched += [(place, delivery) for place in _places(before, after) if place is not None]
    for complaint_id, row in known.items():
        if row != kept[complaint_id]:
            work.upsert(complaint, row, keys=("id",))
    return touched


async def _kept(deliveries: Complaints, work: UnitOfWork) -> dict[UUID, dict[str, Any]]:
    """These complaints as they are kept, locked; of a new one what its first event here says."""
    new: dict[UUID, dict[str, Any]] = {}
    for each in deliveries:
        if each.event.complaint_id not in new:
            new[each.event.complaint_id] = merged(None, each.event)
    # In one order: another worker may have other events of these complaints in hand.
    rows = [new[complaint_id] for complaint_id in sorted(new)]
    return {
        row["id"]: dict(row) for row in await work.insert_or_lock(complaint, rows, keys=("id",))
    }


def _places(before: dict[str, Any], after: dict[str, Any]) -> set[UUID | None]:
    """Where the complaint was and where it is."""
    return {before["location_id"], after["location_id"]}


def unheard(event: AboutComplaint) -> dict[str, Any]:
    """A complaint of which nothing was heard before."""
    return {
        "id": event.complaint_id,
        "version": 0,
        "location_id": None,
        "number": event.number,
        "category": event.category,
        "received_at": event.received_at,
        "outcome": None,
        "outcome_version": 0,
        "closed_at": None,
    }


def merged(before: dict[str, Any] | None, event: AboutComplaint) -> dict[str, Any]:
    """The complaint with what the event says; an older event does not undo a newer one."""
    row = before or unheard(event)
    changes: dict[str, Any] = {}
    if event.version >= row["version"]:
        place = event.location_id or row["location_id"]
        changes |= {"version": event.version, "location_id": place, "category": event.category}
    if isinstance(event, ComplaintAssessed) and event.version >= row["outcome_version"]:
        changes |= {"outcome": str(event.outcome), "outcome_version": event.version}
    if isinstance(event, ComplaintClosed):
        changes |= {"closed_at": event.closed_at}
    return {**row, **changes}


def keeping(table: Table, row: Callable[[Any], dict[str, Any]]) -> Keep:
    """Keep a new fact of each event."""

    async def keep(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> Touched:
        for delivery in deliveries:
            work.upsert(table, row(delivery.event), keys=("id",))
        return _touched(deliveries)

    return keep


def adding(values: Callable[[Any], dict[str, Any]]) -> Keep:
    """Add to a violation what became of it."""

    async def keep(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> Touched:
        for delivery in deliveries:
            event = delivery.event
            work.update(violation, key={"id": event.violation_id}, values=values(event))
        return _touched(deliveries)

    return keep


def _touched(deliveries: Sequence[Delivery[Any]]) -> Touched:
    return [(delivery.event.location_id, delivery) for delivery in deliveries]


def _inspection(event: InspectionCompleted) -> dict[str, Any]:
    return {
        "id": event.inspection_id,
        "location_id": event.location_id,
        "number": event.number,
        "kind": str(event.kind),
        "completed_on": event.completed_on,
        "violations": event.violations,
    }


def _violation(event: ViolationEstablished) -> dict[str, Any]:
    return {
        "id": event.violation_id,
        "location_id": event.location_id,
        "number": event.number,
        "established_on": event.established_on,
        "nature": event.nature,
    }


def _measure(event: MeasureImposed) -> dict[str, Any]:
    return {
        "id": event.measure_id,
        "location_id": event.location_id,
        "violation_id": event.violation_id,
        "number": event.number,
        "instrument": str(event.instrument),
        "decided_on": event.decided_on,
    }


def _heard(happened: str) -> Fact:
    return Fact(keep_complaints, lambda event: f"klacht {event.number} {happened}", tells=True)


FACTS: Final[Mapping[type[Event], Fact]] = {
    ComplaintReceived: _heard("ontvangen"),
    ComplaintLinked: _heard("gekoppeld"),
    ComplaintAssessed: _heard("beoordeeld"),
    ComplaintClosed: _heard("afgehandeld"),
    InspectionCompleted: Fact(
        keeping(inspection, _inspection), lambda event: f"controle {event.number} uitgevoerd"
    ),
    ViolationEstablished: Fact(
        keeping(violation, _violation), lambda event: f"overtreding {event.number} geconstateerd"
    ),
    ViolationPositioned: Fact(
        adding(lambda event: {"cell": event.cell}),
        lambda event: f"overtreding {event.number} gepositioneerd in cel {event.cell}",
    ),
    ViolationResolved: Fact(
        adding(lambda event: {"resolved_on": event.resolved_on}),
        lambda event: f"overtreding {event.number} hersteld",
    ),
    MeasureImposed: Fact(
        keeping(measure, _measure), lambda event: f"{event.instrument} {event.number} opgelegd"
    ),
}

PARTICIPANTS: Final = KeptParticipants(participant)
CONSUMERS: Final[Handlers] = {
    **{event: scoring(fact) for event, fact in FACTS.items()},
    **PARTICIPANTS.handlers,
}
PROJECTIONS: Final = (
    Projection(
        name="feiten",
        title="Klachten, controles, overtredingen en maatregelen bij locaties",
        tables=(complaint, inspection, violation, measure),
        handlers={event: only(fact.keep) for event, fact in FACTS.items()},
        after=SCORE_ALL_ANEW,
    ),
    PARTICIPANTS.projection,
)

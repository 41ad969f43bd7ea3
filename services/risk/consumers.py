"""What other services tell of a location: each fact is kept, and the location scored at once.

Handlers take whole runs of events: an import of thousands of facts is a few statements. Keeping is
apart from scoring: the facts can be rebuilt from the log, the history of the scores cannot.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from services.risk.context import system
from services.risk.locations import store
from services.risk.locations.tables import complaint, fact, inspection, measure, violation
from services.risk.scores.commands import Cause, Rescore, rescore
from services.risk.scores.store import SCORE_ALL_ANEW
from services.risk.tables import participant
from shared.contracts.base import Event
from shared.contracts.enforcement import (
    InspectionCompleted,
    MeasureEnded,
    MeasureImposed,
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
    ViolationRetracted,
)
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
    ComplaintReopened,
)
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.participants import KeptParticipants
from shared.rebuild.projection import Projection, only

# Keeps facts; gives the locations that they touch, each with the event that did.
Touched: TypeAlias = Sequence[tuple[UUID, Delivery[Any]]]
Keep: TypeAlias = Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[Touched]]
KeepState: TypeAlias = Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[None]]


class Kind(NamedTuple):
    """How a kind of fact is kept, and what is said of it; `tells` as in the cause of a score."""

    keep: Keep
    happened: Callable[[Any], str]
    tells: bool = False


def scoring(kind: Kind) -> Handler:
    """A handler that keeps facts and scores their locations."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        causes = {
            location_id: Cause(kind.happened(each.event), each.event_id, tells=kind.tells)
            for location_id, each in await kind.keep(deliveries, work)
        }
        await rescore(Rescore(causes), system(work))

    return handle


def _where_told(keep: KeepState) -> Keep:
    """The location that an event names is the one it touches."""

    async def kept(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> Touched:
        await keep(deliveries, work)
        return [(delivery.event.location_id, delivery) for delivery in deliveries]

    return kept


def _complaint(happened: str) -> Kind:
    return Kind(
        store.keep_complaints, lambda event: f"klacht {event.number} {happened}", tells=True
    )


def _violation(happened: Callable[[Any], str]) -> Kind:
    keep = _where_told(store.keep_violations)
    return Kind(keep, lambda event: f"overtreding {event.number} {happened(event)}")


def _measure(happened: Callable[[Any], str]) -> Kind:
    keep = _where_told(store.keep_measures)
    return Kind(keep, lambda event: f"{event.instrument} {event.number} {happened(event)}")


FACTS: Final[Mapping[type[Event], Kind]] = {
    ComplaintReceived: _complaint("ontvangen"),
    ComplaintLinked: _complaint("gekoppeld"),
    ComplaintAssessed: _complaint("beoordeeld"),
    ComplaintClosed: _complaint("afgehandeld"),
    ComplaintReopened: _complaint("heropend"),
    InspectionCompleted: Kind(
        _where_told(store.keep_inspections), lambda event: f"controle {event.number} uitgevoerd"
    ),
    ViolationEstablished: _violation(lambda _: "geconstateerd"),
    ViolationPositioned: _violation(lambda event: f"gepositioneerd in cel {event.cell}"),
    ViolationResolved: _violation(lambda _: "hersteld"),
    ViolationRetracted: _violation(lambda _: "ingetrokken"),
    MeasureImposed: _measure(lambda _: "opgelegd"),
    MeasureEnded: _measure(lambda event: str(event.result)),
}

PARTICIPANTS: Final = KeptParticipants(participant)
CONSUMERS: Final[Handlers] = {
    **{event: scoring(kind) for event, kind in FACTS.items()},
    **PARTICIPANTS.handlers,
}
PROJECTIONS: Final = (
    Projection(
        name="feiten",
        title="Klachten, controles, overtredingen en maatregelen bij locaties",
        tables=(fact, complaint, inspection, violation, measure),
        handlers={event: only(kind.keep) for event, kind in FACTS.items()},
        after=SCORE_ALL_ANEW,
    ),
    PARTICIPANTS.projection,
)

"""What other services told: facts that are only added, of which a later one may correct another.

The state of a violation or a measure is a fold over those facts that no other one corrects.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.enforcement import (
    MeasureEnded,
    MeasureImposed,
    MeasureResult,
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
    ViolationRetracted,
)

E = TypeVar("E", bound=Event)

# Which fact of the same subject no longer holds once one of this type is told.
CORRECTS: Final[dict[type[Event], type[Event]]] = {
    ViolationPositioned: ViolationPositioned,
    ViolationRetracted: ViolationEstablished,
    MeasureEnded: MeasureImposed,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """An event that was told of a subject: `id` is that of the event, `corrects` of another."""

    id: UUID
    event: Event
    recorded_at: datetime
    corrects: UUID | None = None


class ViolationState(NamedTuple):
    """A violation as far as it was told; one that was retracted counts nowhere."""

    id: UUID
    location_id: UUID
    number: str
    established_on: date
    nature: str
    cell: str | None
    resolved_on: date | None
    retracted_on: date | None


class MeasureState(NamedTuple):
    """A measure as far as it was told; one that was withdrawn counts nowhere."""

    id: UUID
    location_id: UUID
    violation_id: UUID
    number: str
    instrument: str
    decided_on: date
    ended_on: date | None
    withdrawn_on: date | None


def corrected(event: Event, earlier: Sequence[Fact]) -> UUID | None:
    """The fact that the event corrects, of those told of its subject before."""
    kind = CORRECTS.get(type(event))
    if isinstance(event, MeasureEnded) and event.result is not MeasureResult.WITHDRAWN:
        return None
    before = [
        fact
        for fact in earlier
        if kind and isinstance(fact.event, kind) and fact.event.version <= event.version
    ]
    return max(before, key=_order).id if before else None


def violation_of(facts: Sequence[Fact]) -> ViolationState | None:
    """What the facts come to; None while its establishment was not told."""
    established = _last(facts, ViolationEstablished)
    if established is None:
        return None
    positioned = _last(_standing(facts), ViolationPositioned)
    resolved = _last(facts, ViolationResolved)
    retracted = _last(facts, ViolationRetracted)
    return ViolationState(
        id=established.violation_id,
        location_id=established.location_id,
        number=established.number,
        established_on=established.established_on,
        nature=established.nature,
        cell=positioned.cell if positioned else None,
        resolved_on=resolved.resolved_on if resolved else None,
        retracted_on=retracted.retracted_on if retracted else None,
    )


def measure_of(facts: Sequence[Fact]) -> MeasureState | None:
    """What the facts come to; None for a measure that was never imposed."""
    imposed, ended = _last(facts, MeasureImposed), _last(facts, MeasureEnded)
    if imposed is None:
        return None
    stands = _last(_standing(facts), MeasureImposed) is not None
    ended_on = ended.ended_on if ended else None
    return MeasureState(
        id=imposed.measure_id,
        location_id=imposed.location_id,
        violation_id=imposed.violation_id,
        number=imposed.number,
        instrument=str(imposed.instrument),
        decided_on=imposed.decided_on,
        ended_on=ended_on,
        withdrawn_on=None if stands else ended_on,
    )


def _standing(facts: Sequence[Fact]) -> list[Fact]:
    gone = {fact.corrects for fact in facts}
    return [fact for fact in facts if fact.id not in gone]


def _last(facts: Sequence[Fact], kind: type[E]) -> E | None:
    """The newest event of this type."""
    return max(_events(facts, kind), key=lambda event: event.version, default=None)


def _events(facts: Sequence[Fact], kind: type[E]) -> Iterator[E]:
    return (fact.event for fact in facts if isinstance(fact.event, kind))


def _order(fact: Fact) -> int:
    return fact.event.version

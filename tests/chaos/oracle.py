"""What must be so after every fault, judged from what was found; no I/O, so that it can be tested.

Lost: acknowledged, or told by a service, and not where it must be. Double: there more than once, or
there without anybody having told it. Order breaks: on the wire, an event before an earlier one of
its key that it may have followed; at a consumer, another order than that of the wire.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Told(NamedTuple):
    """A row of an outbox; it was written after `begun`, and others saw it after `committed`."""

    seq: int
    id: str
    type: str
    topic: str
    key: str
    subject: str
    version: str
    begun: datetime
    committed: datetime


class Seen(NamedTuple):
    """A record on the wire, in the order of its partition."""

    partition: int
    offset: int
    key: str
    id: str


class Handled(NamedTuple):
    """A row of an inbox."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Projection:
    """Rows as the tables of the owner say they must be, and as they are; the first is the key."""

    name: str
    expected: Sequence[tuple[Any, ...]]
    found: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found after a fault."""

    made: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, int] = field(default_factory=dict)
    stored: Sequence[tuple[str, str]] = ()
    versions: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    wire: Mapping[str, Sequence[Seen]] = field(default_factory=dict)
    inbox: Mapping[str, Sequence[Handled]] = field(default_factory=dict)
    handles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projections: Sequence[Projection] = ()
    parked: Sequence[str] = ()


@dataclass(slots=True)
class Verdict:
    """What was found wrong, in words."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    order_breaks: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong."""
        return not self.texts

    @property
    def texts(self) -> set[str]:
        """Everything that was found wrong."""
        return {*self.lost, *self.double, *self.order_breaks, *self.parked}

    def without(self, known: AbstractSet[str]) -> "Verdict":
        """Only what was not known before."""
        lists = (self.lost, self.double, self.order_breaks, self.parked)
        return Verdict(*([text for text in texts if text not in known] for texts in lists))


def judge(evidence: Evidence) -> Verdict:
    """Look at everything."""
    verdict = Verdict(parked=list(evidence.parked))
    _requests(evidence, verdict)
    for service, rows in evidence.told.items():
        _told_once(service, rows, verdict)
    _wires(evidence, verdict)
    for consumer, handled in evidence.inbox.items():
        _inbox(consumer, handled, evidence, verdict)
    for projection in evidence.projections:
        _projection(projection, verdict)
    return verdict


def _requests(evidence: Evidence, verdict: Verdict) -> None:
    """What was acknowledged is stored, once, as it was acknowledged; versions do not go back."""
    stored: dict[str, list[str]] = {}
    for marker, identity in evidence.stored:
        stored.setdefault(marker, []).append(identity)
    for marker, identity in evidence.made.items():
        if identity not in stored.get(marker, ()):
            verdict.lost.append(f"request {marker!r} was acknowledged as {identity}")
    for marker, identities in stored.items():
        if len(identities) > 1:
            verdict.double.append(f"request {marker!r} is stored {len(identities)} times")
    for identity, version in evidence.reached.items():
        now = evidence.versions.get(identity, 0)
        if now < version:
            verdict.lost.append(f"{identity} was acknowledged at version {version}, it has {now}")


def _told_once(service: str, rows: Sequence[Told], verdict: Verdict) -> None:
    """No change was told twice."""
    for (kind, subject, version), count in _repeated((r.type, r.subject, r.version) for r in rows):
        verdict.double.append(
            f"{service} told {kind} of {subject} at version {version} {count} times"
        )


def _wires(evidence: Evidence, verdict: Verdict) -> None:
    """Every event is on its topic, behind the earlier ones of its key."""
    told: dict[str, dict[str, Told]] = {topic: {} for topic in evidence.wire}
    for rows in evidence.told.values():
        for row in rows:
            told.setdefault(row.topic, {})[row.id] = row
    for topic, events in told.items():
        records = evidence.wire.get(topic, ())
        here = {record.id for record in records}
        verdict.lost += [f"{topic}: {i} was never published" for i in events.keys() - here]
        verdict.double += [f"{topic}: nobody told {i}" for i in here - events.keys()]
        _wire_order(topic, [r for r in records if r.id in events], events, verdict)


def _first(records: Iterable[Seen]) -> list[Seen]:
    """Without what was published again."""
    found: dict[str, Seen] = {}
    for record in records:
        found.setdefault(record.id, record)
    return list(found.values())


def _wire_order(
    topic: str, records: Sequence[Seen], told: Mapping[str, Told], verdict: Verdict
) -> None:
    """Changes of one thing come in their order; of one key also those that followed another.

    Two changes of a key at the same moment, of different things, know nothing of each other.
    """
    changes: dict[tuple[str, str], int] = {}
    begun: dict[str, datetime] = {}
    place: dict[str, int] = {}
    for record in _first(records):
        event = told[record.id]
        what = f"{topic}: seq {event.seq} of key {event.key}"
        if place.setdefault(record.key, record.partition) != record.partition:
            verdict.order_breaks.append(f"{what} is in another partition")
        change = (event.key, event.subject)
        if event.seq < changes.get(change, 0):
            verdict.order_breaks.append(
                f"{what} came after seq {changes[change]} of {event.subject}"
            )
        elif event.committed < begun.get(event.key, event.committed):
            verdict.order_breaks.append(f"{what} came after one that began when it was committed")
        changes[change] = max(event.seq, changes.get(change, 0))
        begun[event.key] = max(event.begun, begun.get(event.key, event.begun))


def _inbox(consumer: str, handled: Sequence[Handled], evidence: Evidence, verdict: Verdict) -> None:
    """The consumer had every event of its interest once, of each key in order."""
    kinds = evidence.handles.get(consumer, frozenset())
    expected = {row.id: row for rows in evidence.told.values() for row in rows if row.type in kinds}
    for identity, count in _repeated(row.id for row in handled):
        verdict.double.append(f"{consumer} handled {identity} {count} times")
    at = {row.id: row.at for row in handled}
    verdict.lost += [
        f"{consumer} never handled {expected[i].type} {i}" for i in expected.keys() - at.keys()
    ]
    verdict.double += [
        f"{consumer} handled {i}, which nobody told" for i in at.keys() - expected.keys()
    ]
    for topic, records in evidence.wire.items():
        last: dict[str, datetime] = {}
        for record in _first(records):
            moment = at.get(record.id)
            if moment is None:
                continue
            if moment < last.get(record.key, moment):
                verdict.order_breaks.append(
                    f"{consumer}: {record} of {topic} was handled too early"
                )
            last[record.key] = max(moment, last.get(record.key, moment))


def _projection(projection: Projection, verdict: Verdict) -> None:
    """The rows are those that the owner's tables give."""
    expected = {row[0]: row for row in projection.expected}
    found = {row[0]: row for row in projection.found}
    name = projection.name
    for key, row in expected.items():
        if key not in found:
            verdict.lost.append(f"{name}: {key} is missing")
        elif found[key] != row:
            verdict.lost.append(f"{name}: {key} is {found[key][1:]}, must be {row[1:]}")
    verdict.double += [
        f"{name}: {key} belongs to nothing" for key in found.keys() - expected.keys()
    ]
    for key, count in _repeated(row[0] for row in projection.found):
        verdict.double.append(f"{name}: {key} is there {count} times")


def _repeated(values: Iterable[Hashable]) -> list[tuple[Any, int]]:
    return [(value, count) for value, count in Counter(values).items() if count > 1]

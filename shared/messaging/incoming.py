"""Records as the consumer handles them: read, of interest, and grouped into runs."""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from shared.messaging.cloudevents import MalformedEventError, from_record
from shared.messaging.handlers import Delivery, Handler, Registry
from shared.messaging.transport import Record


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an event was parked; a text without its content, which may be personal."""

    error: str
    traceback: str
    attempts: int
    kind: str = ""

    @classmethod
    def of(cls, error: BaseException, attempts: int) -> "Failure":
        kind = type(error).__name__
        if isinstance(error, ValidationError):
            return cls(_without_input(error), "", attempts, kind)
        lines = "".join(traceback.format_exception(error, limit=-12))
        return cls(f"{kind}: {error}"[:2000], lines[-8000:], attempts, kind)


class Incoming(NamedTuple):
    """A record with the event in it, or with the reason why there is none."""

    record: Record
    event_id: UUID
    type: str
    handler: Handler | None
    delivery: Delivery[Any] | None
    failure: Failure | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What keeps its order: a key within its topic."""
        return self.record.topic, self.record.key


@dataclass(frozen=True, slots=True)
class Run:
    """Events of one type, handled by one call."""

    type: str
    handler: Handler
    deliveries: list[Delivery[Any]]


def read(records: Iterable[Record], registry: Registry) -> list[Incoming]:
    """The records that this consumer has an interest in, with their events."""
    found = (_read(record, registry) for record in records)
    return [incoming for incoming in found if incoming is not None]


def _read(record: Record, registry: Registry) -> Incoming | None:
    known = record.headers.get("ce_type")
    if known is not None and registry.find(known) is None:
        return None
    try:
        envelope = from_record(record)
    except MalformedEventError as error:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        event_id = uuid5(NAMESPACE_URL, place)
        return Incoming(record, event_id, "", None, None, Failure.of(error, 1))
    route = registry.find(envelope.type)
    if route is None:
        return None
    event_id = envelope.event_id
    try:
        event = route.event.model_validate_json(envelope.data, extra="ignore")
    except ValidationError as error:
        failure = Failure.of(error, 1)
        return Incoming(record, event_id, envelope.type, route.handler, None, failure)
    return Incoming(record, event_id, envelope.type, route.handler, Delivery(event, envelope))


def runs(events: Sequence[Incoming]) -> list[Run]:
    """Group events by type into as few runs as the order within each key allows.

    An event joins the last run of its type, unless that run comes before one with an earlier
    event of its key.
    """
    made: list[Run] = []
    last_of_type: dict[str, int] = {}
    last_of_key: dict[tuple[str, str], int] = {}
    for incoming in events:
        if incoming.delivery is None or incoming.handler is None:
            continue
        at = last_of_type.get(incoming.type, -1)
        if at < last_of_key.get(incoming.key, 0):
            at = last_of_type[incoming.type] = len(made)
            made.append(Run(incoming.type, incoming.handler, []))
        made[at].deliveries.append(incoming.delivery)
        last_of_key[incoming.key] = at
    return made


def _without_input(error: ValidationError) -> str:
    fields = error.errors(include_url=False, include_context=False, include_input=False)
    lines = (f"{'.'.join(map(str, field['loc'])) or '(alles)'}: {field['msg']}" for field in fields)
    return "; ".join(lines)[:2000]

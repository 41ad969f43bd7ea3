"""Records as the consumer handles them: read, of interest, and grouped into runs."""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from shared.contracts.upcasting import UpcastError
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.cloudevents import (
    Envelope,
    MalformedEventError,
    event_id_of,
    from_record,
    is_readable,
)
from shared.messaging.handlers import Delivery, Handler, Registry, Route
from shared.messaging.transport import Record, storable
from shared.tracing import entered

# So many deliveries a handler gets at once.
STEP: Final = 500
# On an event that is also published as the new major version.
SUCCESSOR: Final = "ce_opvolger"


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
        lines = storable("".join(traceback.format_exception(error, limit=-12)))
        return cls(storable(f"{kind}: {error}"[:2000]), lines[-8000:], attempts, kind)


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


class Skipped:
    """What a record says to a consumer that has no interest in it."""


SKIPPED: Final = Skipped()


def read(records: Iterable[Record], registry: Registry) -> list[Incoming]:
    """The records that this consumer has an interest in, with their events.

    What was read while it waited is not read again.
    """
    found: list[Incoming] = []
    for record in records:
        content, record.content = record.content, None
        if not isinstance(content, Incoming | Skipped):
            content = look(record, registry)
        if isinstance(content, Incoming):
            found.append(content)
    return found


def look(record: Record, registry: Registry) -> Incoming | Skipped:
    """What one record says."""
    return _read(record, registry) or SKIPPED


def _read(record: Record, registry: Registry) -> Incoming | None:
    headers = record.headers
    kind = headers.get("ce_type")
    route = registry.find(kind) if kind else None
    if kind and (route is None or (SUCCESSOR in headers and kind in registry.outdated)):
        return None
    if route is None or not is_readable(headers):
        return _read_carefully(record, registry)
    event_id = event_id_of(headers["ce_id"], headers["ce_source"])
    return _incoming(record, route, event_id, record.value, record)


def _read_carefully(record: Record, registry: Registry) -> Incoming | None:
    """What is not plain binary mode: structured, in other letters, or no event at all."""
    try:
        envelope = from_record(record)
    except MalformedEventError as error:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        event_id = uuid5(NAMESPACE_URL, place)
        return Incoming(record, event_id, "", None, None, Failure.of(error, 1))
    route = registry.find(envelope.type)
    if route is None:
        return None
    return _incoming(record, route, envelope.event_id, envelope.data, envelope)


def _incoming(
    record: Record, route: Route, event_id: UUID, data: bytes, context: Record | Envelope
) -> Incoming:
    event_class, handler, validate = route
    try:
        event = validate(data, extra="ignore")
    except (ValidationError, UpcastError) as error:
        failure = Failure.of(error, 1)
        return Incoming(record, event_id, event_class.type, handler, None, failure)
    delivery = Delivery(event, context, event_id)
    return Incoming(record, event_id, event_class.type, handler, delivery)


def runs(events: Sequence[Incoming]) -> list[Run]:
    """Group events by type into as few runs as the order within each key allows.

    An event joins the last run of its type, unless that run comes before one with an earlier
    event of its key.
    """
    made: list[Run] = []
    last_of_type: dict[str, int] = {}
    last_of_key: dict[tuple[str, str], int] = {}
    for record, _, kind, handler, delivery, _ in events:
        if delivery is None or handler is None:
            continue
        key = record.topic, record.key
        at = last_of_type.get(kind, -1)
        if at < last_of_key.get(key, 0):
            at = last_of_type[kind] = len(made)
            made.append(Run(kind, handler, []))
        made[at].deliveries.append(delivery)
        last_of_key[key] = at
    return made


async def take_effect(made: Sequence[Run], work: UnitOfWork) -> None:
    """Call the handlers, a step at a time: the database writes one while the next is made."""
    for run in made:
        first = run.deliveries[0].envelope
        with entered(f"process {first.type}", first.traceparent, SpanKind.CONSUMER):
            for start in range(0, len(run.deliveries), STEP):
                if start:
                    await work.send()
                await run.handler(run.deliveries[start : start + STEP], work)
            # A few writes are done sooner than somebody else has had a turn.
            await work.flush()


def _without_input(error: ValidationError) -> str:
    fields = error.errors(include_url=False, include_context=False, include_input=False)
    lines = (f"{'.'.join(map(str, field['loc'])) or '(alles)'}: {field['msg']}" for field in fields)
    return "; ".join(lines)[:2000]

"""What a service does with the events of others: a literal of event class and handler."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.upcasting import UPCASTERS, Change, Upcaster, upcast, way_to
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.cloudevents import Envelope, from_record
from shared.messaging.transport import Record
from shared.telemetry import enter_trace

E = TypeVar("E", bound=Event)


class Delivery(Generic[E]):
    """An event as it came in, with its context: an envelope, or the record to read it from.

    `event_id` is given where it was read before.
    """

    __slots__ = ("_context", "_event_id", "event")

    def __init__(self, event: E, context: Envelope | Record, event_id: UUID | None = None) -> None:
        self.event = event
        self._context = context
        self._event_id = event_id

    @property
    def event_id(self) -> UUID:
        """What tells this event from all others."""
        return self._event_id or self.envelope.event_id

    @property
    def envelope(self) -> Envelope:
        """The context; most handlers need none, so it is read when it is asked for."""
        context = self._context
        if not isinstance(context, Envelope):
            context = self._context = from_record(context)
        return context


# A handler gets consecutive events of one type; of one key they are in order. Its effects and the
# note that the events were handled commit together.
Handler: TypeAlias = Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[None]]
Handlers: TypeAlias = Mapping[type[Event], Handler]


def each(handle: Callable[[E, UnitOfWork], Awaitable[None]]) -> Handler:
    """A handler that takes the events one by one."""

    async def handle_all(deliveries: Sequence[Delivery[E]], work: UnitOfWork) -> None:
        for delivery in deliveries:
            enter_trace(delivery.envelope.traceparent)
            await handle(delivery.event, work)
            await work.flush()

    return handle_all


class Route(NamedTuple):
    """Where events of a type go; `validate` makes one of JSON. Raises ValidationError."""

    event: type[Event]
    handler: Handler
    validate: Callable[..., Event]


def _upcasting(route: Route, changes: Sequence[Change]) -> Route:
    """The route for data of an old major version; its `validate` also raises UpcastError."""

    def validate(data: bytes, **options: Any) -> Event:
        return route.validate(upcast(data, changes), **options)

    return route._replace(validate=validate)


class Registry:
    """Finds the event class and the handler of a type as written on the wire."""

    def __init__(self, handlers: Handlers, upcasters: Iterable[Upcaster] | None = None) -> None:
        upcasters = UPCASTERS if upcasters is None else upcasters
        known = {
            event.type: Route(event, handler, event.__pydantic_validator__.validate_json)
            for event, handler in handlers.items()
        }
        old = {
            each.old: _upcasting(known[way.type], way.changes)
            for each in upcasters
            if each.old not in known and (way := way_to(each.old, known, upcasters))
        }
        self._routes = old | known
        # Old majors that are read as the new one: a twin that is published for others is no news.
        self.outdated = frozenset(old)

    def find(self, event_type: str) -> Route | None:
        """The route of a type, or None where this consumer has no interest in it."""
        return self._routes.get(event_type)

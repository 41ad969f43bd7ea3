"""The publisher of a service: what turns its events into rows of its outbox."""

from collections.abc import Sequence
from typing import Any, Protocol

from shared.db.outbox import Publisher
from shared.figures import Counted, by_event
from shared.messaging.tables import MessagingTables
from shared.settings import ServiceName, Settings
from shared.telemetry import current_traceparent


class Publishing(Protocol):
    """What is asked of a service that publishes."""

    @property
    def name(self) -> ServiceName: ...

    @property
    def messaging(self) -> MessagingTables: ...

    @property
    def figures(self) -> Sequence[Counted[Any]]: ...


def publisher_for(service: Publishing, settings: Settings) -> Publisher:
    """The publisher of a service, in each of its processes."""
    return Publisher(
        service.messaging.outbox,
        source=settings.source_of(service.name),
        public_url=settings.public_url,
        traceparent=current_traceparent,
        figures=by_event(service.figures),
    )

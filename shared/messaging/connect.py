"""The transport that the settings ask for."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from shared.contracts.base import Event
from shared.contracts.registry import topic_of
from shared.db import open_pool
from shared.messaging.consumer import ObservedTransport
from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.postgres_log import PostgresLog
from shared.settings import Settings

# One for the session of the group, the others for appending, committing and looking.
POOL_SIZE: Final = 4


@asynccontextmanager
async def open_transport(
    settings: Settings, *, name: str, group: str = "", topics: Sequence[str] = ()
) -> AsyncIterator[ObservedTransport]:
    """A transport for publishing, and with a group for consuming; closed with the block."""
    if settings.transport == "kafka":
        config = KafkaConfig(bootstrap_servers=settings.kafka_bootstrap_servers, client_id=name)
        kafka = KafkaTransport(config, group=group or None, topics=topics)
        try:
            yield kafka
        finally:
            await kafka.close()
        return
    url = settings.database_for("events")
    async with await open_pool(url, application=name, size=POOL_SIZE) as pool:
        log = PostgresLog(pool, group=group, topics=topics)
        try:
            yield log
        finally:
            await log.close()


def topics_of(events: Iterable[type[Event]]) -> list[str]:
    """The topics on which these events travel."""
    return sorted({topic_of(event.service) for event in events})

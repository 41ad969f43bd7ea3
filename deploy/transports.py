"""The transport that the settings ask for, opened for one process."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from shared.contracts.registry import topic_of
from shared.db import open_pool
from shared.messaging.consumer import ObservedTransport
from shared.settings import SERVICES, Settings

KAFKA = "kafka"


@asynccontextmanager
async def transport(
    settings: Settings, *, process: str, group: str = "", topics: Iterable[str] = ()
) -> AsyncIterator[ObservedTransport]:
    """A transport for publishing, and with a group and topics also for consuming."""
    if settings.transport == KAFKA:
        async with _kafka(settings, process, group, topics) as opened:
            yield opened
    else:
        async with _postgres_log(settings, process, group, topics) as opened:
            yield opened


@asynccontextmanager
async def _postgres_log(
    settings: Settings, process: str, group: str, topics: Iterable[str]
) -> AsyncIterator[ObservedTransport]:
    from shared.messaging.postgres_log import PostgresLog

    pool = await open_pool(settings.database_for("events"), application=process, size=4)
    log = PostgresLog(pool, group=group, topics=sorted(topics))
    try:
        yield log
    finally:
        await log.close()
        await pool.close()


@asynccontextmanager
async def _kafka(
    settings: Settings, process: str, group: str, topics: Iterable[str]
) -> AsyncIterator[ObservedTransport]:
    from shared.messaging.kafka import KafkaConfig, KafkaTransport

    config = KafkaConfig(bootstrap_servers=settings.kafka_bootstrap_servers, client_id=process)
    broker = KafkaTransport(config, group=group or None, topics=sorted(topics))
    try:
        yield broker
    finally:
        await broker.close()


async def create_kafka_topics(settings: Settings, replication: int) -> None:
    """Create the topics of the services; the log in PostgreSQL gets them from its migration."""
    from shared.messaging.kafka import create_topics

    topics = [topic_of(service) for service in SERVICES]
    await create_topics(settings.kafka_bootstrap_servers, topics, replication=replication)

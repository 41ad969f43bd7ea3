"""The transport that the settings ask for."""

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from shared.contracts.base import Event
from shared.contracts.registry import topic_of
from shared.db.database import open_pool
from shared.messaging.consumer import ObservedTransport
from shared.messaging.kafka import KafkaTransport
from shared.messaging.kafka_clients import KafkaConfig, KafkaSecurity
from shared.messaging.postgres_log import PostgresLog
from shared.settings import Settings

# One for the session of the group, the others for appending, committing and looking.
POOL_SIZE: Final = 4


@asynccontextmanager
async def open_transport(
    settings: Settings,
    *,
    name: str,
    group: str = "",
    topics: Sequence[str] = (),
    instance: str | None = None,
) -> AsyncIterator[ObservedTransport]:
    """A transport for publishing, and with a group for consuming; closed with the block.

    A process with the instance name of one that died gets its partitions back at once.
    """
    if settings.transport == "kafka":
        config = kafka_config(settings, name, instance)
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


def kafka_config(settings: Settings, name: str, instance: str | None = None) -> KafkaConfig:
    """How to reach the brokers of the settings, under this name."""
    if settings.kafka_network_is_closed:
        logging.getLogger("aiokafka.conn").addFilter(_news)
    security = KafkaSecurity(
        protocol=settings.kafka_security.upper(),
        ca_file=str(settings.kafka_ca_file) if settings.kafka_ca_file else None,
        cert_file=str(settings.kafka_cert_file) if settings.kafka_cert_file else None,
        key_file=str(settings.kafka_key_file) if settings.kafka_key_file else None,
        mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_username,
        password=settings.kafka_password.get_secret_value(),
    )
    return KafkaConfig(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        client_id=name,
        security=security,
        instance_id=instance,
    )


def _news(record: logging.LogRecord) -> bool:
    """Whether a line tells what who closed the network of Kafka does not know."""
    return record.getMessage() != "Sending username and password in the clear"


def topics_of(events: Iterable[type[Event]]) -> list[str]:
    """The topics on which these events travel."""
    return sorted({topic_of(event.service) for event in events})

"""The topics on Kafka: created once, never by themselves."""

import asyncio
from collections.abc import Iterable
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import CoordinatorNotAvailableError, KafkaError, for_code

from shared.messaging.kafka_clients import KafkaConfig, make_admin
from shared.messaging.partitioner import PARTITIONS
from shared.messaging.transport import NoTopicsError

GROUPS_LIMIT: Final = 30.0
TOPIC_EXISTS: Final = 36


async def create_topics(
    config: KafkaConfig,
    topics: Iterable[str],
    *,
    partitions: int = PARTITIONS,
    replication: int = 1,
) -> None:
    """Create the topics that are missing, with unlimited retention. Raises NoTopicsError."""
    try:
        await _create_topics(config, topics, partitions, replication)
    except (KafkaError, OSError) as error:
        where = config.bootstrap_servers
        raise NoTopicsError(f"Kafka op {where} geeft geen topics: {error}") from error


async def missing_topics(config: KafkaConfig, topics: Iterable[str]) -> list[str]:
    """Those that are not there yet. Raises NoTopicsError when Kafka does not answer."""
    admin = make_admin(config)
    try:
        await admin.start()
        return sorted(set(topics) - set(await admin.list_topics()))
    except (KafkaError, OSError) as error:
        raise NoTopicsError(
            f"Kafka op {config.bootstrap_servers} antwoordt niet: {error}"
        ) from error
    finally:
        await admin.close()


async def _create_topics(
    config: KafkaConfig, topics: Iterable[str], partitions: int, replication: int
) -> None:
    settings = {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "min.insync.replicas": str(max(1, replication - 1)),
    }
    admin = make_admin(config)
    await admin.start()
    try:
        wanted = [
            NewTopic(topic, partitions, replication, topic_configs=settings) for topic in topics
        ]
        response = await admin.create_topics(wanted)
        await _await_groups(admin)
    finally:
        await admin.close()
    for topic, code, *message in response.topic_errors:
        if code not in {0, TOPIC_EXISTS}:
            raise for_code(code)(f"{topic}: {message}")


async def _await_groups(admin: AIOKafkaAdminClient) -> None:
    """Wait until a new broker can keep groups: it makes their topic when first asked."""
    async with asyncio.timeout(GROUPS_LIMIT):
        while True:
            try:
                await admin.find_coordinator("vth")
            except CoordinatorNotAvailableError:
                await asyncio.sleep(0.1)
            else:
                return

"""How far a consumer group is on Kafka, looked at from outside: who joins would rebalance it."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place
from aiokafka.errors import KafkaError

from shared.messaging.kafka_clients import KafkaConfig, make_admin
from shared.messaging.transport import PartitionLag, TransientTransportError

LIMIT: Final = 10.0


async def group_lag(
    config: KafkaConfig, group: str, topics: Sequence[str]
) -> Sequence[PartitionLag]:
    """The lag of every partition. Raises TransientTransportError when Kafka does not answer."""
    try:
        async with asyncio.timeout(LIMIT):
            return await _group_lag(config, group, topics)
    except (KafkaError, OSError) as error:
        raise TransientTransportError(f"lag not known: {error!r}") from error


async def _group_lag(
    config: KafkaConfig, group: str, topics: Sequence[str]
) -> Sequence[PartitionLag]:
    # Without a group it belongs to nobody, and has no place of its own.
    consumer = AIOKafkaConsumer(*topics, group_id=None, **config.options())
    admin = make_admin(config)
    try:
        await consumer.start()
        await admin.start()
        ends = await consumer.end_offsets(_places(consumer, topics))
        committed = await admin.list_consumer_group_offsets(group)
    finally:
        await admin.close()
        await consumer.stop()
    return [
        PartitionLag(place.topic, place.partition, end, _position(committed.get(place)))
        for place, end in sorted(ends.items())
    ]


def _places(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[Place]:
    return [
        Place(topic, partition)
        for topic in topics
        for partition in consumer.partitions_for_topic(topic) or ()
    ]


def _position(committed: object) -> int:
    """The next offset to read; a group that never committed reads from the start."""
    offset = getattr(committed, "offset", 0)
    return max(int(offset), 0)

"""Topics on Kafka read from any place, outside every consumer group."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place
from aiokafka.errors import KafkaError

from shared.messaging.kafka_clients import KafkaConfig, record_of, stop
from shared.messaging.offsets import LogOffsets, Positions
from shared.messaging.transport import Record, TopicPartition, TransientTransportError

LIMIT: Final = 30.0
FETCH_BYTES: Final = 8 * 1024 * 1024


class KafkaReplay:
    """Reads all partitions of some topics; it belongs to no group and commits nothing."""

    def __init__(self, config: KafkaConfig, topics: Sequence[str]) -> None:
        self._config = config
        self._topics = topics
        self._consumer: AIOKafkaConsumer | None = None
        self._next: dict[TopicPartition, int] = {}

    async def edges(self) -> LogOffsets:
        """Where each partition begins and ends at this moment."""
        async with self._answering() as consumer:
            places = _places(consumer, self._topics)
            first = await consumer.beginning_offsets(places)
            end = await consumer.end_offsets(places)
        return LogOffsets(_by_partition(first), _by_partition(end))

    async def read(self, at: Positions, until: Positions, most: int) -> list[Record]:
        """Some of the records from `at` up to `until`, in order per partition; none: all read."""
        wanted = {place for place in until if at.get(place, 0) < until[place]}
        if not wanted:
            return []
        async with self._answering() as consumer:
            self._aim(consumer, wanted, at)
            while True:
                fetched = await consumer.getmany(timeout_ms=1_000, max_records=most)
                if records := self._taken(fetched, until):
                    return records

    async def close(self) -> None:
        """Let go of the connections."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop(consumer)

    def _aim(self, consumer: Any, wanted: set[TopicPartition], at: Positions) -> None:
        """Fetch what is wanted alone, from where it is wanted."""
        for place in consumer.assignment():
            partition = TopicPartition(place.topic, place.partition)
            if partition not in wanted:
                consumer.pause(place)
                continue
            consumer.resume(place)
            offset = at.get(partition, 0)
            if self._next.get(partition) != offset:
                consumer.seek(place, offset)
                self._next[partition] = offset

    def _taken(self, fetched: Mapping[Place, Sequence[Any]], until: Positions) -> list[Record]:
        """What was fetched, up to where it was wanted; what lies behind is fetched again."""
        records: list[Record] = []
        for place, found in fetched.items():
            partition = TopicPartition(place.topic, place.partition)
            self._next[partition] = found[-1].offset + 1
            records += [record_of(each) for each in found if each.offset < until.get(partition, 0)]
        return records

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[AIOKafkaConsumer]:
        try:
            async with asyncio.timeout(LIMIT):
                if self._consumer is None:
                    self._consumer = await self._started()
                yield self._consumer
        except (KafkaError, OSError) as error:
            raise TransientTransportError(f"log not read: {error!r}") from error

    async def _started(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            *self._topics,
            **self._config.options(),
            group_id=None,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=1024 * 1024,
            fetch_max_bytes=FETCH_BYTES,
        )
        try:
            await consumer.start()
        except BaseException:
            await stop(consumer)
            raise
        return consumer


def _places(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[Place]:
    return [
        Place(topic, partition)
        for topic in topics
        for partition in sorted(consumer.partitions_for_topic(topic) or ())
    ]


def _by_partition(offsets: Mapping[Place, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(place.topic, place.partition): at for place, at in offsets.items()}

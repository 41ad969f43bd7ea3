"""A transport on Apache Kafka, through aiokafka.

aiokafka rebalances in the background, its idempotent producer never gives up, and its answers may
never come: hence the idle flag, the time limits and the fresh producer after every error.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka import TopicPartition as Place
from aiokafka.errors import ConsumerStoppedError, KafkaError, MessageSizeTooLargeError

from shared.messaging.kafka_ahead import Ahead
from shared.messaging.kafka_clients import (
    KafkaConfig,
    abort,
    aborted,
    is_spent,
    make_consumer,
    make_producer,
    stop,
)
from shared.messaging.partitioner import partition_of
from shared.messaging.transport import (
    Batch,
    Message,
    PartitionLag,
    Reader,
    TopicPartition,
    TransientTransportError,
)

__all__ = ["KafkaConfig", "KafkaTransport"]

log = structlog.get_logger(__name__)

START_LIMIT: Final = 30.0
COMMIT_LIMIT: Final = 5.0
LOOK_LIMIT: Final = 10.0
HANDOVER_LIMIT: Final = 45.0
REJOIN_LIMIT: Final = 60.0


class KafkaTransport:
    """A Transport on a Kafka cluster."""

    def __init__(
        self, config: KafkaConfig, *, group: str | None = None, topics: Sequence[str] = ()
    ) -> None:
        self._config = config
        self._group = group
        self._topics = list(topics)
        self._producer: AIOKafkaProducer | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._ahead: Ahead | None = None
        self._reader: Reader | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._committing: asyncio.Task[None] | None = None
        self._joining_since: float | None = time.monotonic()

    async def publish(self, messages: Sequence[Message]) -> None:
        futures: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._config.send_seconds):
                producer = await self._started_producer()
                await _send(producer, messages, futures)
                await asyncio.gather(*futures)
        except BaseException as error:
            # What became of each record is not known: only a new producer starts with nothing.
            for future in futures:
                future.cancel()
            self._drop_producer()
            if isinstance(error, MessageSizeTooLargeError):
                raise
            if not isinstance(error, KafkaError | OSError):
                raise
            raise TransientTransportError(f"not published: {error!r}") from error

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109 - part of the question
        async with self._answering("received"):
            ahead = await self._started_ahead()
            self._idle.set()
            # No time limit around it: it would be another task, and a rebalance could slip between.
            batch = await ahead.take(timeout, max_records)
            if batch:
                self._idle.clear()
            return batch

    def read_ahead(self, reader: Reader) -> None:
        self._reader = reader

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        """Begin to; the next records need not wait for the answer, a handover and the end do."""
        await self._committed()
        # A member that is gone has no say; its successor reads these records again.
        if self._consumer is not None and not is_spent(self._consumer):
            committing = _commit(self._consumer, positions, self._group)
            self._committing = asyncio.create_task(committing, name="positions committed")
        self._idle.set()

    async def _committed(self) -> None:
        """Wait for the commit that is under way."""
        committing, self._committing = self._committing, None
        if committing is not None:
            await committing

    async def close(self) -> None:
        self._idle.set()
        await self._committed()
        producer, self._producer = self._producer, None
        consumer, self._consumer = self._consumer, None
        self._stop_ahead()
        for client in (producer, consumer):
            if client is not None:
                await stop(client)
        await aborted()

    async def seek_to_beginning(self) -> None:
        """Read our partitions again from their first record; the committed positions stay."""
        ahead = await self._started_ahead()
        await ahead.halt()
        ahead.drop()
        await (await self._started_consumer()).seek_to_beginning()

    async def lag(self) -> list[PartitionLag]:
        """The lag of every partition of the subscribed topics."""
        await self._committed()
        async with self._answering("known", LOOK_LIMIT):
            consumer = await self._started_consumer()
            places = [
                Place(topic, partition)
                for topic in self._topics
                for partition in sorted(consumer.partitions_for_topic(topic) or ())
            ]
            ends = await consumer.end_offsets(places)
            return [
                PartitionLag(
                    place.topic, place.partition, ends[place], await consumer.committed(place) or 0
                )
                for place in places
            ]

    async def behind(self) -> bool:
        """Whether records wait in a partition that is ours, or we try in vain to be a member."""
        if self._joining_since is not None:
            return time.monotonic() - self._joining_since > REJOIN_LIMIT
        async with self._answering("known", LOOK_LIMIT):
            consumer = await self._started_consumer()
            # With more members than partitions some have none, and nothing to be behind with.
            ours = consumer.assignment()
            ends = await consumer.end_offsets(ours) if ours else {}
            return any([ends[place] > await consumer.position(place) for place in ours])

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = make_producer(self._config)
            await self._producer.start()
        return self._producer

    def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            abort(producer)

    async def _started_consumer(self) -> AIOKafkaConsumer:
        if self._consumer is not None and is_spent(self._consumer):
            log.warning("a Kafka consumer is spent, a new one takes over", group=self._group)
            self._stop_ahead()
            abort(self._consumer)
            self._consumer = None
        if self._consumer is None:
            self._joining_since = time.monotonic()
            consumer = make_consumer(self._config, self._group, self._topics, _Handover(self))
            try:
                async with asyncio.timeout(START_LIMIT):
                    await consumer.start()
            except BaseException:
                abort(consumer)
                raise
            self._consumer = consumer
        return self._consumer

    async def _started_ahead(self) -> Ahead:
        consumer = await self._started_consumer()
        if self._ahead is None:
            self._ahead = Ahead(consumer, self._reader)
        return self._ahead

    def _stop_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.stop()

    @asynccontextmanager
    async def _answering(self, what: str, limit: float | None = None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(limit):
                yield
        except (KafkaError, OSError) as error:
            raise TransientTransportError(f"not {what}: {error!r}") from error

    async def let_go(self) -> None:
        """Wait until the records in hand are done."""
        self._joining_since = time.monotonic()
        if self._ahead is not None:
            self._ahead.drop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), HANDOVER_LIMIT)
        await self._committed()

    def settle(self) -> None:
        """The group has divided the partitions."""
        self._joining_since = None


class _Handover(ConsumerRebalanceListener):  # type: ignore[misc]
    """Keeps partitions until the records in hand are done."""

    def __init__(self, transport: KafkaTransport) -> None:
        self._transport = transport

    async def on_partitions_revoked(self, revoked: Iterable[Place]) -> None:
        await self._transport.let_go()

    async def on_partitions_assigned(self, assigned: Iterable[Place]) -> None:
        self._transport.settle()


async def _commit(
    consumer: AIOKafkaConsumer, positions: Mapping[TopicPartition, int], group: str | None
) -> None:
    try:
        async with asyncio.timeout(COMMIT_LIMIT):
            await consumer.commit({Place(*place): at for place, at in positions.items()})
    except (KafkaError, ConsumerStoppedError, OSError) as error:
        # The brokers are away, or the partition went to another member: it will be read again,
        # and the inbox knows it.
        log.warning("positions not committed", group=group, error=repr(error))


async def _send(
    producer: AIOKafkaProducer, messages: Sequence[Message], futures: list[asyncio.Future[Any]]
) -> None:
    """Hand over the messages in order, as batches per partition: a future each, not per message."""
    partitions: dict[str, int] = {}
    batches: dict[Place, Any] = {}
    for message in messages:
        topic = message.topic
        if topic not in partitions:
            partitions[topic] = len(await producer.partitions_for(topic))
        place = Place(topic, partition_of(message.key, partitions[topic]))
        batch = batches.get(place)
        if batch is None:
            batch = batches[place] = producer.create_batch()
        if not _append(batch, message):
            futures.append(await producer.send_batch(batch, topic, partition=place.partition))
            batch = batches[place] = producer.create_batch()
            _append(batch, message)
    for place, batch in batches.items():
        futures.append(await producer.send_batch(batch, place.topic, partition=place.partition))


def _append(batch: Any, message: Message) -> bool:
    headers = [(name, value.encode()) for name, value in message.headers.items()]
    added = batch.append(
        key=message.key.encode(), value=message.value, timestamp=None, headers=headers
    )
    return added is not None

"""Apache Kafka through aiokafka; no other module imports it.

aiokafka rebalances in the background, its idempotent producer never gives up, and stopping waits
for brokers that are gone: hence the idle flag, the time limits and the fresh producer.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka import TopicPartition as Place
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CoordinatorNotAvailableError,
    KafkaError,
    RecordTooLargeError,
    for_code,
)

from shared.messaging.partitioner import PARTITIONS, partition_of
from shared.messaging.transport import (
    Batch,
    Message,
    NoTopicsError,
    PartitionLag,
    Record,
    TopicPartition,
    TransientTransportError,
)

log = structlog.get_logger(__name__)

STOP_LIMIT: Final = 10.0
GROUPS_LIMIT: Final = 30.0
HANDOVER_LIMIT: Final = 45.0
REJOIN_LIMIT: Final = 60.0
TOPIC_EXISTS: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaConfig:
    """How to reach the brokers, and who we are to them."""

    bootstrap_servers: str
    client_id: str = "vth"
    idempotent: bool = True
    # A member with a name of its own comes back to its partitions after a restart (KIP-345).
    instance_id: str | None = None
    # After this silence the brokers give a member's partitions to others; a batch takes less.
    session_seconds: float = 30.0
    # An idempotent producer tries for ever by itself.
    send_seconds: float = 30.0


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
        self._idle = asyncio.Event()
        self._idle.set()
        self._settled_at = time.monotonic()

    async def publish(self, messages: Sequence[Message]) -> None:
        futures: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._config.send_seconds):
                producer = await self._started_producer()
                for message in messages:
                    futures += [await self._send(producer, message)]
                await asyncio.gather(*futures)
        except (KafkaError, OSError) as error:
            for future in futures:
                future.cancel()
            await self._drop_producer()
            if isinstance(error, RecordTooLargeError):
                raise
            raise TransientTransportError(f"not published: {error!r}") from error

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109 - part of the question
        try:
            consumer = await self._started_consumer()
            self._idle.set()
            # No time limit around it: it would be another task, and a rebalance could slip between.
            fetched = await consumer.getmany(
                timeout_ms=int(timeout * 1000), max_records=max_records
            )
            if fetched:
                self._idle.clear()
        except (KafkaError, OSError) as error:
            raise TransientTransportError(f"not received: {error!r}") from error
        return {
            TopicPartition(place.topic, place.partition): [_record(record) for record in records]
            for place, records in fetched.items()
        }

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        consumer = await self._started_consumer()
        try:
            await consumer.commit({Place(*place): offset for place, offset in positions.items()})
        except (KafkaError, OSError) as error:
            # The partition went to another member: it reads again what the inbox knows.
            log.warning("positions not committed", group=self._group, error=repr(error))
        finally:
            self._idle.set()

    async def close(self) -> None:
        self._idle.set()
        await self._drop_producer()
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await _stop(consumer)

    async def seek_to_beginning(self) -> None:
        """Read our partitions again from their first record; the committed positions stay."""
        await (await self._started_consumer()).seek_to_beginning()

    async def lag(self) -> list[PartitionLag]:
        """The lag of every partition of the subscribed topics."""
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
        consumer = await self._started_consumer()
        ours = consumer.assignment()
        if not ours:
            return time.monotonic() - self._settled_at > REJOIN_LIMIT
        ends = await consumer.end_offsets(ours)
        return any([ends[place] > await consumer.position(place) for place in ours])

    async def _send(self, producer: AIOKafkaProducer, message: Message) -> asyncio.Future[Any]:
        partitions = await producer.partitions_for(message.topic)
        return await producer.send(  # type: ignore[no-any-return]
            message.topic,
            key=message.key.encode(),
            value=message.value,
            partition=partition_of(message.key, len(partitions)),
            headers=[(name, value.encode()) for name, value in message.headers.items()],
        )

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = producer = AIOKafkaProducer(
                bootstrap_servers=self._config.bootstrap_servers,
                client_id=self._config.client_id,
                acks="all",
                enable_idempotence=self._config.idempotent,
                compression_type="lz4",
                max_batch_size=256 * 1024,
                linger_ms=0,
                request_timeout_ms=10_000,
            )
            await producer.start()
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)

    async def _started_consumer(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._config.bootstrap_servers,
                client_id=self._config.client_id,
                group_id=self._group,
                group_instance_id=self._config.instance_id,
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                session_timeout_ms=int(self._config.session_seconds * 1000),
                rebalance_timeout_ms=int(self._config.session_seconds * 2000),
                heartbeat_interval_ms=int(self._config.session_seconds * 100),
                max_partition_fetch_bytes=1024 * 1024,
                fetch_max_bytes=8 * 1024 * 1024,
            )
            consumer.subscribe(self._topics, listener=_Handover(self))
            try:
                await consumer.start()
            except BaseException:
                await _stop(consumer)
                raise
            self._consumer = consumer
        return self._consumer

    async def let_go(self) -> None:
        """Wait until the records in hand are done."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), HANDOVER_LIMIT)

    def settle(self) -> None:
        """The group has divided the partitions."""
        self._settled_at = time.monotonic()


class _Handover(ConsumerRebalanceListener):  # type: ignore[misc]
    """Keeps partitions until the records in hand are done."""

    def __init__(self, transport: KafkaTransport) -> None:
        self._transport = transport

    async def on_partitions_revoked(self, revoked: Iterable[Place]) -> None:
        await self._transport.let_go()

    async def on_partitions_assigned(self, assigned: Iterable[Place]) -> None:
        self._transport.settle()


async def create_topics(
    bootstrap_servers: str,
    topics: Iterable[str],
    *,
    partitions: int = PARTITIONS,
    replication: int = 1,
) -> None:
    """Create the topics that are missing, with unlimited retention. Raises NoTopicsError."""
    try:
        await _create_topics(bootstrap_servers, topics, partitions, replication)
    except (KafkaError, TimeoutError) as error:
        raise NoTopicsError(f"Kafka op {bootstrap_servers} geeft geen topics: {error}") from error


async def _create_topics(
    bootstrap_servers: str, topics: Iterable[str], partitions: int, replication: int
) -> None:
    settings = {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "min.insync.replicas": str(max(1, replication - 1)),
    }
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, client_id="vth-topics")
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


async def _stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop within the limit: with all brokers gone aiokafka would wait for them."""
    try:
        async with asyncio.timeout(STOP_LIMIT):
            await client.stop()
    except (KafkaError, OSError) as error:
        log.warning("a Kafka client did not stop in good order", error=repr(error))


def _record(record: Any) -> Record:
    return Record(
        record.topic,
        record.partition,
        record.offset,
        (record.key or b"").decode(),
        {name: value.decode() for name, value in record.headers},
        record.value or b"",
    )

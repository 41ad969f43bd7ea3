"""What Kafka does to us, and what we do about it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.kafka_broker import KafkaBroker
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.consumer import Consumer
from shared.messaging.handlers import Delivery
from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.kafka_clients import make_admin
from shared.messaging.kafka_topics import create_topics
from shared.messaging.relay import Relay
from shared.messaging.transport import TransientTransportError
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import NAME
from tests.integration.messaging.test_relay import publish
from tests.integration.messaging.test_transports import flat, messages
from tests.support.waiting import until

TOPIC = "proef.v1"


@pytest.fixture
async def broker(kafka_bootstrap: str) -> AsyncIterator[KafkaBroker]:
    """A broker of our own to kill; asking for the shared one first skips where there is no Java."""
    with TemporaryDirectory(prefix="vth-kafka-") as folder:
        own = KafkaBroker(Path(folder) / "kafka")
        await asyncio.to_thread(own.start)
        yield own
        await asyncio.to_thread(own.stop)


async def test_topics_are_made_once_with_everything_kept(kafka_bootstrap: str) -> None:
    config, topic = KafkaConfig(bootstrap_servers=kafka_bootstrap), "proef.twice.v1"
    await create_topics(config, [topic], partitions=2)
    await create_topics(config, [topic], partitions=5)
    admin = make_admin(config)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
        asked = ConfigResource(ConfigResourceType.TOPIC, topic)
        (answer,) = await admin.describe_configs([asked])
    finally:
        await admin.close()
    assert len(described["partitions"]) == 2
    ((*_, settings),) = answer.resources
    kept = {name: value for name, value, *_ in settings}
    assert (kept["retention.ms"], kept["cleanup.policy"]) == ("-1", "delete")


async def test_a_broker_that_dies_and_comes_back_loses_nothing(broker: KafkaBroker) -> None:
    await create_topics(KafkaConfig(bootstrap_servers=broker.bootstrap_servers), [TOPIC])
    config = KafkaConfig(
        bootstrap_servers=broker.bootstrap_servers, session_seconds=6, send_seconds=3
    )
    publisher, member = KafkaTransport(config), KafkaTransport(config, group="g", topics=[TOPIC])
    try:
        await publisher.publish(messages(TOPIC, 10))
        received: set[tuple[int, int]] = set()
        while len(received) < 10:
            received |= {(r.partition, r.offset) for r in flat(await member.poll(1, 100))}
        await asyncio.to_thread(broker.kill)
        with pytest.raises(TransientTransportError):
            await publisher.publish(messages(TOPIC, 5))
        await asyncio.to_thread(broker.start)
        await _publish_patiently(publisher)
        values: set[bytes] = set()
        async with asyncio.timeout(60):
            while len(values) < 5:
                values |= {record.value for record in flat(await member.poll(1, 100))}
        assert values == {b"0", b"1", b"2", b"3", b"4"}
    finally:
        await publisher.close()
        await member.close()


async def test_nobody_hangs_at_the_stop_while_the_brokers_are_down(
    broker: KafkaBroker, service: Database
) -> None:
    """aiokafka's stop waits for brokers for ever (659, 1101): relay and consumer do not."""
    await create_topics(KafkaConfig(bootstrap_servers=broker.bootstrap_servers), [TOPIC])
    config = KafkaConfig(bootstrap_servers=broker.bootstrap_servers, session_seconds=6)
    publisher, member = KafkaTransport(config), KafkaTransport(config, group="g", topics=[TOPIC])
    relay = Relay(service.pool, publisher, NAME)
    consumer = Consumer(NAME, member, partial(service.work, sight=Sight.ALL), {Noted: _ignore})
    stop = asyncio.Event()
    async with asyncio.timeout(90), asyncio.TaskGroup() as group:
        group.create_task(relay.run(stop))
        group.create_task(consumer.run(stop))
        await _write(service, 1)
        await until(lambda: _published(service, 1), 30)
        await until(lambda: _known(service, 1), 30)
        await asyncio.to_thread(broker.kill)
        await _write(service, 2)
        await asyncio.sleep(0.5)
        stop.set()
    async with asyncio.timeout(60):
        await publisher.close()
        await member.close()
    assert await _published(service, 1)


async def _ignore(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    return None


async def _write(service: Database, number: int) -> None:
    await publish(service, noted(number))
    await service.pool.execute("UPDATE outbox SET topic = $1", TOPIC)


async def _published(service: Database, count: int) -> bool:
    query = "SELECT count(*) FROM outbox WHERE published_at IS NOT NULL"
    return bool(await service.pool.fetchval(query) == count)


async def _known(service: Database, count: int) -> bool:
    return bool(await service.pool.fetchval("SELECT count(*) FROM inbox") == count)


async def _publish_patiently(publisher: KafkaTransport) -> None:
    """As the relay does: the same batch again, until it is taken."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await publisher.publish(messages(TOPIC, 5))
            except TransientTransportError:
                await asyncio.sleep(0.2)

"""The known traps of aiokafka and of consumer groups, each sprung on a real broker."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.errors import MessageSizeTooLargeError, OutOfOrderSequenceNumber

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.messaging import kafka as kafka_module
from shared.messaging import kafka_clients
from shared.messaging.consumer import Consumer
from shared.messaging.handlers import Handlers
from shared.messaging.handlers import each as one_by_one
from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.kafka_topics import create_topics
from shared.messaging.transport import Message, TransientTransportError
from tests.integration.messaging.conftest import KafkaUnderTest
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import EFFECT, NAME, Bench, consuming
from tests.integration.messaging.test_transports import flat, messages, receive, values
from tests.support.waiting import until

SESSION = 6.0
Make = Callable[..., KafkaTransport]


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    name = f"proef.{uuid4().hex[:8]}"
    await create_topics(KafkaConfig(bootstrap_servers=kafka_bootstrap), [name])
    return name


@pytest.fixture
async def make(kafka_bootstrap: str, topic: str) -> AsyncIterator[Make]:
    """Makes transports on the topic, and closes them."""
    made: list[KafkaTransport] = []

    def kafka(group: str | None = None, instance: str | None = None) -> KafkaTransport:
        config = KafkaConfig(
            bootstrap_servers=kafka_bootstrap, session_seconds=SESSION, instance_id=instance
        )
        made.append(KafkaTransport(config, group=group, topics=[topic]))
        return made[-1]

    yield kafka
    for transport in made:
        await transport.close()


@pytest.fixture
def bench(service: Database, kafka_bootstrap: str, topic: str, make: Make) -> Bench:
    """A service that consumes what it publishes itself, over Kafka."""

    class Log(KafkaUnderTest):
        def __init__(self) -> None:
            self.topic = topic

        def member(self, group: str = "", topics: tuple[str, ...] | None = None) -> Any:
            return make(group or None)

    return Bench(service, Log())


def rebalances_of(member: KafkaTransport, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moments at which the member had to give its partitions up."""
    moments: list[float] = []
    let_go = member.let_go

    async def counted() -> None:
        moments.append(time.monotonic())
        await let_go()

    monkeypatch.setattr(member, "let_go", counted)
    return moments


async def test_after_an_error_the_producer_is_a_new_one(
    make: Make, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idempotent producer whose sequence is out of order never sends again (aiokafka 1017)."""
    transport = make()
    await transport.publish(messages(topic, 3))
    broken = transport._producer
    assert broken is not None

    async def refuse(*_: Any, **__: Any) -> None:
        raise OutOfOrderSequenceNumber

    monkeypatch.setattr(broken, "send_batch", refuse)
    with pytest.raises(TransientTransportError):
        await transport.publish(messages(topic, 3))
    await transport.publish(messages(topic, 3))
    assert transport._producer is not broken
    await kafka_clients.aborted()
    assert kafka_clients._tasks_of(broken) == set()
    assert len(await receive(make("groep"), 6)) == 6


async def test_one_record_that_is_refused_fails_the_batch(make: Make, topic: str) -> None:
    """The error of a future that nobody awaits is lost."""
    large = Message(topic, "k", {}, random.randbytes(2_000_000))
    with pytest.raises((MessageSizeTooLargeError, TransientTransportError)):
        await make().publish([*messages(topic, 3), large])


async def test_a_commit_after_the_partition_went_to_another_is_no_error(
    make: Make, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_module, "HANDOVER_LIMIT", 0.1)
    await make().publish(messages(topic, 60, keys=60))
    slow, quick = make("groep"), make("groep")
    while not (in_hand := await slow.poll(1, 500)):
        continue
    received: list[int] = []

    async def other() -> None:
        while len(received) < 20:
            batch = await quick.poll(0.3, 500)
            received.extend(values(flat(batch)))

    async with asyncio.timeout(40):
        await other()
        await slow.commit({place: records[-1].offset + 1 for place, records in in_hand.items()})
        rest: set[int] = set(received)
        while len(rest | set(values(flat(in_hand)))) < 60:
            rest |= set(values(flat(await slow.poll(0.3, 500))))
    assert set(received) & set(values(flat(in_hand))), "nothing was delivered again"


async def test_a_member_that_comes_back_under_its_name_disturbs_nobody(
    make: Make, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Static membership (KIP-345): a restart within the session is no rebalance."""
    publisher = make()
    stays, goes = make("groep", "een"), make("groep", "twee")
    seen: dict[str, set[int]] = {}

    async def listen(name: str, member: KafkaTransport) -> None:
        batch = await member.poll(0.3, 500)
        if batch:
            await member.commit({place: each[-1].offset + 1 for place, each in batch.items()})
            seen[name] = {place.partition for place in batch}

    async def shared(second: KafkaTransport) -> None:
        seen.clear()
        async with asyncio.timeout(40):
            while [len(part) for part in seen.values()] != [3, 3]:
                await publisher.publish(messages(topic, 60, keys=60))
                await asyncio.gather(listen("een", stays), listen("twee", second))

    await shared(goes)
    before = dict(seen)
    moments = rebalances_of(stays, monkeypatch)
    await goes.close()
    await shared(make("groep", "twee"))
    assert moments == []
    assert seen == before


async def test_who_tries_in_vain_to_be_a_member_is_behind(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the watchdog ends the process: a client may stay outside its group for ever (1154)."""
    member = make("groep")
    assert not await member.behind()
    monkeypatch.setattr(kafka_module, "REJOIN_LIMIT", 0.0)
    assert await member.behind()
    async with asyncio.timeout(40):
        while await member.behind():
            await member.poll(0.3, 10)


async def test_backing_off_longer_than_the_session_keeps_the_membership(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.effects.failures["1"] = [NotFound("nog niet hier"), NotFound("nog niet hier")]
    await bench.send(noted(1))
    consumer = Consumer(
        NAME,
        bench.member,
        partial(bench.service.work, sight=Sight.ALL),
        bench.effects.handlers,
        first_pause=SESSION / 2,
    )
    assert isinstance(bench.member, KafkaTransport)
    async with consuming(consumer):
        await until(lambda: bench.effects.calls != [], 30)
        moments = rebalances_of(bench.member, monkeypatch)
        await until(lambda: has_numbers(bench, {1}), 40)
        await bench.send(noted(2))
        await until(lambda: has_numbers(bench, {1, 2}), 40)
    assert moments == []
    assert await bench.open() == []


async def has_numbers(bench: Bench, numbers: set[int]) -> bool:
    return set(await bench.numbers()) == numbers


@asynccontextmanager
async def handled(bench: Bench, handlers: Handlers) -> AsyncIterator[None]:
    async with consuming(bench.consumer(handlers)):
        yield
        await until(lambda: has_numbers(bench, {1, 2, 3}), 60)
    assert sorted(await bench.numbers()) == [1, 2, 3]
    assert await bench.open() == []


def effect_after(first: Callable[[UnitOfWork], Awaitable[None]]) -> Handlers:
    """Handlers that write the effect of an event, after something that happens once."""
    todo = [first]

    async def handle(event: Noted, work: UnitOfWork) -> None:
        if todo:
            await todo.pop()(work)
        await work.execute(EFFECT, event=uuid4(), key=str(event.key), number=event.number)

    return {Noted: one_by_one(handle)}


async def test_a_loop_that_is_blocked_longer_than_the_session_comes_back(bench: Bench) -> None:
    """Without heartbeats the brokers put the member out; its commit fails, and it joins again."""

    async def block(_: UnitOfWork) -> None:
        time.sleep(SESSION * 1.5)  # noqa: ASYNC251 - this is the trap

    await bench.send(noted(1))
    async with handled(bench, effect_after(block)):
        await until(lambda: has_numbers(bench, {1}), 60)
        await bench.send(noted(2), noted(3))


async def test_a_database_away_longer_than_the_group_waits_is_no_stall(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not poll for long leaves its group (max_poll_interval), and must join again."""
    make_consumer = kafka_clients.make_consumer

    def impatient(*arguments: Any) -> Any:
        consumer = make_consumer(*arguments)
        consumer._max_poll_interval_ms = 2_000
        return consumer

    monkeypatch.setattr(kafka_module, "make_consumer", impatient)

    async def wait(_: UnitOfWork) -> None:
        await asyncio.sleep(6)
        raise ConnectionResetError

    await bench.send(noted(1))
    async with handled(bench, effect_after(wait)):
        await until(lambda: has_numbers(bench, {1}), 60)
        await bench.send(noted(2), noted(3))


def test_the_clients_are_made_so_that_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka by itself starts at the end, commits by itself and waits for one replica."""
    made: dict[str, Any] = {}

    class Client:
        def __init__(self, **options: Any) -> None:
            made.update(options)

        def subscribe(self, topics: Any, listener: Any) -> None:
            made["topics"] = topics

    monkeypatch.setattr(kafka_clients, "AIOKafkaConsumer", Client)
    monkeypatch.setattr(kafka_clients, "AIOKafkaProducer", Client)
    config = KafkaConfig(bootstrap_servers="nergens:1", session_seconds=20)
    kafka_clients.make_producer(config)
    assert made["acks"] == "all"
    kafka_clients.make_consumer(config, "groep", ["proef"], None)
    assert made["auto_offset_reset"] == "earliest"
    assert made["enable_auto_commit"] is False
    # A batch in hand is done before its partitions go; three heartbeats may be missed.
    assert made["rebalance_timeout_ms"] >= 2 * made["session_timeout_ms"]
    assert made["heartbeat_interval_ms"] * 3 <= made["session_timeout_ms"]
    # Memory: a few batches per broker, not 50 MB.
    assert made["fetch_max_bytes"] <= 8 * 1024 * 1024
    assert made["max_partition_fetch_bytes"] <= 1024 * 1024


async def test_a_member_whose_coordination_died_begins_again(make: Make, topic: str) -> None:
    """A connection lost under its hands ends aiokafka's task of the group, for good."""
    await make().publish(messages(topic, 3))
    member = make("broken")
    assert len(await receive(member, 3)) == 3
    client: Any = member._consumer

    async def lose(*_: object) -> None:
        raise RuntimeError("unable to perform operation; the handler is closed")

    client._coordinator.ensure_coordinator_known = lose
    client._coordinator.coordinator_dead()
    await until(client._coordinator._coordination_task.done)
    await make().publish(messages(topic, 3))
    async with asyncio.timeout(4 * SESSION):
        assert len(await receive(member, 3)) >= 3

"""The consumer: effect once, order per key, and poison that stands aside."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, text

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed, NotFound
from shared.messaging.consumer import Consumer
from shared.messaging.handlers import Delivery, Handlers, each
from shared.messaging.parking import discard, parked, parked_one, retry
from shared.messaging.relay import Relay
from shared.messaging.transport import Message
from tests.integration.messaging.conftest import Log, Member
from tests.integration.messaging.events import Amended, Noted, amended, noted
from tests.integration.messaging.test_relay import publish

NAME = "proef"
EFFECT = text("INSERT INTO effect (event, key, number) VALUES (:event, :key, :number)")


class Effects:
    """Handlers that write a row per event, and do as they are told about some numbers."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.failures: dict[str, list[BaseException]] = {}
        self.refused: dict[str, BaseException] = {}

    @property
    def handlers(self) -> Handlers:
        return {Noted: self.handle, Amended: self.handle}

    async def handle(self, deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        self.calls.append([delivery.event.number for delivery in deliveries])
        for delivery in deliveries:
            number = delivery.event.number
            await work.execute(
                EFFECT,
                event=delivery.envelope.event_id,
                key=str(delivery.event.key),
                number=number,
            )
            if self.failures.get(number):
                raise self.failures[number].pop(0)
            if number in self.refused:
                raise self.refused[number]


class Bench:
    """A service that consumes what it publishes itself, over the log in PostgreSQL."""

    def __init__(self, service: Database, log: Log) -> None:
        self.service = service
        self.log = log
        self.effects = Effects()
        self.member: Member = log.member(f"group-{uuid4().hex[:8]}")

    def consumer(self, handlers: Handlers | None = None) -> Consumer:
        return Consumer(
            NAME,
            self.member,
            partial(self.service.work, sight=Sight.ALL),
            handlers or self.effects.handlers,
            first_pause=0.01,
        )

    async def send(self, *events: Noted | Amended) -> None:
        """Write into the outbox and relay onto the log."""
        await publish(self.service, *events)
        await self.service.pool.execute("UPDATE outbox SET topic = $1", self.log.topic)
        stop = asyncio.Event()
        stop.set()
        relay = Relay(self.service.pool, self.log.member(), NAME)
        async with relay._session() as session:
            while await relay._publish_batch(session, stop):
                continue

    async def consume(self, consumer: Consumer | None = None) -> None:
        """Handle all there is."""
        consumer = consumer or self.consumer()
        while batch := await self.member.poll(0.1, 500):
            await consumer.handle(batch)

    async def numbers(self) -> list[int]:
        rows = await self.service.pool.fetch("SELECT number FROM effect ORDER BY seq")
        return [int(row["number"]) for row in rows]

    async def open(self) -> list[tuple[int, str]]:
        async with self.service.read(Sight.ALL) as reader:
            rows = await parked(reader, consumer=NAME)
        return [(row["attempts"], row["state"]) for row in rows]

    async def first_parked(self) -> Any:
        async with self.service.read(Sight.ALL) as reader:
            return (await parked(reader, consumer=NAME))[0]


@pytest.fixture
def bench(service: Database, postgres_log: Log) -> Bench:
    return Bench(service, postgres_log)


@asynccontextmanager
async def consuming(consumer: Consumer) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def wait_for(bench: Bench, numbers: Sequence[int]) -> None:
    for _ in range(500):
        if await bench.numbers() == list(numbers):
            return
        await asyncio.sleep(0.02)
    assert await bench.numbers() == list(numbers)


async def test_events_have_their_effect_in_one_call_per_run(bench: Bench) -> None:
    keys = [uuid4() for _ in range(3)]
    await bench.send(*(noted(number, keys[number % 3]) for number in range(30)))
    async with consuming(bench.consumer()):
        await asyncio.sleep(0.5)
    assert sorted(await bench.numbers()) == list(range(30))
    assert len(bench.effects.calls) <= 6


async def test_types_are_grouped_and_the_order_of_a_key_is_kept(bench: Bench) -> None:
    one = uuid4()
    await bench.send(noted(1, one), amended(2, one), noted(3, one), amended(4, one))
    await bench.consume()
    assert await bench.numbers() == [1, 2, 3, 4]


async def test_redelivery_has_no_effect(bench: Bench) -> None:
    await bench.send(noted(1), noted(2))
    await bench.consume()
    await bench.member.seek_to_beginning()
    await bench.consume()
    assert sorted(await bench.numbers()) == [1, 2]


async def test_a_duplicate_of_the_relay_has_no_effect(bench: Bench) -> None:
    await bench.send(noted(1), noted(2))
    await bench.service.pool.execute("UPDATE outbox SET published_at = NULL")
    await bench.send()
    await bench.consume()
    assert sorted(await bench.numbers()) == [1, 2]
    assert sum(line.end for line in await bench.member.lag()) == 4


async def test_unknown_types_are_passed_over(bench: Bench) -> None:
    await bench.send(noted(1), amended(2, uuid4()))
    await bench.consume(bench.consumer({Noted: bench.effects.handle}))
    assert await bench.numbers() == [1]
    assert await bench.open() == []


async def test_poison_parks_its_key_and_no_other(bench: Bench) -> None:
    sick, well = uuid4(), uuid4()
    bench.effects.refused["1"] = NotAllowed("Dit mag niet", article="Awb 5:32")
    await bench.send(noted(0, well), noted(1, sick), noted(2, sick), noted(3, well), noted(4, sick))
    await bench.consume()
    assert await bench.numbers() == [0, 3]
    assert await bench.open() == [(1, "parked"), (0, "parked"), (0, "parked")]
    first = await bench.first_parked()
    assert "NotAllowed: Dit mag niet (Awb 5:32)." in first["error"]
    await bench.send(noted(5, sick), noted(6, well))
    await bench.consume()
    assert await bench.numbers() == [0, 3, 6]
    assert len(await bench.open()) == 4


async def test_only_the_poison_is_parked_from_a_large_batch(bench: Bench) -> None:
    bench.effects.refused["137"] = NotAllowed("Nee", article="Awb 1:1")
    await bench.send(*(noted(number) for number in range(300)))
    await bench.consume()
    assert sorted(await bench.numbers()) == [n for n in range(300) if n != 137]
    assert await bench.open() == [(1, "parked")]


async def test_a_retry_handles_the_key_in_order(bench: Bench) -> None:
    sick = uuid4()
    bench.effects.refused["1"] = NotAllowed("Nee", article="Awb 1:1")
    await bench.send(noted(1, sick), noted(2, sick), noted(3, sick))
    async with consuming(bench.consumer()):
        await asyncio.sleep(0.3)
        assert await bench.numbers() == []
        bench.effects.refused.clear()
        async with bench.service.work("test", sight=Sight.ALL) as work:
            count = await retry(work, NAME, bench.log.topic, str(sick), actor="beheerder")
        assert count == 3
        await wait_for(bench, [1, 2, 3])
    assert await bench.open() == []


async def test_a_retry_that_fails_again_parks_again_with_its_attempts(bench: Bench) -> None:
    sick = uuid4()
    bench.effects.refused["1"] = NotAllowed("Nee", article="Awb 1:1")
    await bench.send(noted(1, sick), noted(2, sick))
    await bench.consume()
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await retry(work, NAME, bench.log.topic, str(sick), actor="beheerder")
    await bench.consumer()._parked_retries.run()
    assert await bench.numbers() == []
    assert [attempts for attempts, _ in await bench.open()] == [2, 0]


async def test_a_discard_frees_the_events_behind(bench: Bench) -> None:
    sick = uuid4()
    bench.effects.refused["1"] = NotAllowed("Nee", article="Awb 1:1")
    await bench.send(noted(1, sick), noted(2, sick), noted(3, sick))
    await bench.consume()
    first = await bench.first_parked()
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await discard(work, NAME, first["event_id"], reason="dubbel", actor="beheerder")
    await bench.consumer()._parked_retries.run()
    assert await bench.numbers() == [2, 3]
    async with bench.service.read(Sight.ALL) as reader:
        row = await parked_one(reader, NAME, first["event_id"])
    assert (row["state"], row["discard_reason"], row["actor"]) == (
        "discarded",
        "dubbel",
        "beheerder",
    )
    await bench.member.seek_to_beginning()
    await bench.consume()
    assert await bench.numbers() == [2, 3]


async def test_a_discard_of_nothing_is_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound):
        async with bench.service.work("test", sight=Sight.ALL) as work:
            await discard(work, NAME, uuid4(), reason="weg", actor="beheerder")


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (NotAllowed("Nee", article="Awb 1:1"), 1),
        (NotFound("nog niet hier"), 6),
        (RuntimeError("onbekend"), 3),
    ],
)
async def test_how_often_a_failure_is_tried(bench: Bench, error: BaseException, calls: int) -> None:
    bench.effects.refused["1"] = error
    await bench.send(noted(1))
    await bench.consume()
    assert bench.effects.calls == [["1"]] * calls
    assert await bench.open() == [(calls, "parked")]


async def test_a_passing_failure_is_retried_in_place(bench: Bench) -> None:
    bench.effects.failures["1"] = [NotFound("nog niet hier"), TimeoutError("traag")]
    key = uuid4()
    await bench.send(noted(1, key), noted(2, key))
    await bench.consume()
    assert await bench.numbers() == [1, 2]
    assert await bench.open() == []


async def test_a_database_that_goes_away_parks_nothing(bench: Bench) -> None:
    kill = [True, True]

    async def handle(event: Noted, work: UnitOfWork) -> None:
        if kill:
            kill.pop()
            await work.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await work.execute(EFFECT, event=uuid4(), key=str(event.key), number=event.number)

    await bench.send(noted(1))
    await bench.consume(bench.consumer({Noted: each(handle)}))
    assert kill == []
    assert await bench.numbers() == [1]
    assert await bench.open() == []


async def test_an_event_that_does_not_fit_its_contract_is_parked_without_its_content(
    bench: Bench,
) -> None:
    await publish(bench.service, noted(1))
    await bench.service.pool.execute("UPDATE outbox SET payload = $1", b'{"nummer": "geheim"}')
    await bench.send()
    await bench.consume()
    row = await bench.first_parked()
    assert row["type"] == Noted.type
    assert "versie" in row["error"]
    assert "geheim" not in row["error"]


async def test_what_is_no_cloudevent_is_parked(bench: Bench) -> None:
    await bench.log.member().publish([Message(bench.log.topic, "k", {}, b"hallo")])
    await bench.consume()
    row = await bench.first_parked()
    assert (row["type"], row["key"]) == ("", "k")


async def test_queued_writes_of_several_runs_may_touch_one_row(
    bench: Bench, effect_table: Table
) -> None:
    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        for delivery in deliveries:
            row = {"event": UUID(int=1), "key": "k", "number": delivery.event.number}
            work.insert(effect_table, row)

    key = uuid4()
    await bench.send(noted(1, key), amended(2, key), noted(3, key))
    await bench.consume(bench.consumer({Noted: handle, Amended: handle}))
    assert await bench.numbers() == [1, 2, 3]


async def test_a_consumer_told_to_stop_finishes_its_batch(bench: Bench) -> None:
    stop = asyncio.Event()

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        stop.set()
        await asyncio.sleep(0.1)
        await bench.effects.handle(deliveries, work)

    await bench.send(noted(1))
    await asyncio.wait_for(bench.consumer({Noted: handle}).run(stop), 10)
    assert await bench.numbers() == [1]
    assert sum(line.lag for line in await bench.member.lag()) == 0


async def test_a_consumer_told_to_stop_while_it_retries_parks_nothing(bench: Bench) -> None:
    stop = asyncio.Event()

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        stop.set()
        raise NotFound("nog niet hier")

    await bench.send(noted(1))
    await asyncio.wait_for(bench.consumer({Noted: handle}).run(stop), 10)
    assert await bench.open() == []
    assert sum(line.lag for line in await bench.member.lag()) == 1

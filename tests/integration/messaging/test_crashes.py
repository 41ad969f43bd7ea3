"""However the processes die, every event has its effect once and in order."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random
from uuid import uuid4

import pytest

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.messaging.transport import Batch, Message, PartitionLag, Reader, TopicPartition
from tests.integration.messaging.conftest import Log, Member
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import NAME, Bench


class CrashError(Exception):
    """The process died here."""


class Fragile:
    """A transport in a process that dies before or after some of its calls."""

    def __init__(self, inner: Member, chance: Random) -> None:
        self._inner = inner
        self._chance = chance

    async def publish(self, messages: Sequence[Message]) -> None:
        self._maybe_die()
        await self._inner.publish(messages)
        self._maybe_die()

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109
        batch = await self._inner.poll(timeout, max_records)
        self._maybe_die()
        return batch

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        self._maybe_die()
        await self._inner.commit(positions)
        self._maybe_die()

    async def close(self) -> None:
        await self._inner.close()

    def read_ahead(self, reader: Reader) -> None:
        self._inner.read_ahead(reader)

    async def lag(self) -> Sequence[PartitionLag]:
        return ()

    async def behind(self) -> bool:
        return False

    def _maybe_die(self) -> None:
        if self._chance.random() < 0.25:
            raise CrashError


@pytest.mark.parametrize("seed", range(5))
async def test_every_event_has_its_effect_once_and_in_order(
    service: Database, postgres_log: Log, seed: int
) -> None:
    bench = Bench(service, postgres_log)
    chance = Random(seed)
    keys = [uuid4() for _ in range(4)]
    member = bench.member
    written = [noted(number, chance.choice(keys)) for number in range(60)]
    queue = list(written)
    for _ in range(400):
        if queue and chance.random() < 0.4:
            taken, queue = queue[:5], queue[5:]
            await _write(bench, taken)
        await _relay_once(bench, Fragile(bench.log.member(), chance), chance)
        if not await _consume_once(bench, Fragile(member, chance)):
            await member.close()
        if not queue and len(await bench.numbers()) == len(written):
            break
    rows = await bench.service.pool.fetch("SELECT key, number FROM effect ORDER BY seq")
    for key in keys:
        happened = [int(row["number"]) for row in rows if row["key"] == str(key)]
        assert happened == [int(event.number) for event in written if event.key == key]
    assert len(rows) == 60


async def _write(bench: Bench, events: Sequence[Noted]) -> None:
    async with bench.service.work("test", sight=Sight.ALL) as work:
        for event in events:
            work.publish(event)
    await bench.service.pool.execute("UPDATE outbox SET topic = $1", bench.log.topic)


async def _relay_once(bench: Bench, transport: Fragile, chance: Random) -> None:
    relay = Relay(bench.service.pool, transport, NAME, batch_size=chance.randint(1, 8))
    async with relay._session() as session:
        try:
            await relay._publish_batch(session, asyncio.Event())
        except CrashError:
            return


async def _consume_once(bench: Bench, transport: Fragile) -> bool:
    """Handle what is there; False when the process died."""
    consumer = Consumer(
        NAME, transport, partial(bench.service.work, sight=Sight.ALL), bench.effects.handlers
    )
    try:
        await consumer.handle(await transport.poll(0.02, 7))
    except CrashError:
        return False
    return True

"""Two instances of a service share the work, and one goes on for the other; a hung one ends."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import pytest

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging import consumer as consumer_module
from shared.messaging.consumer import Consumer
from shared.messaging.transport import Batch, Message, PartitionLag, Reader, TopicPartition
from shared.messaging.watchdog import ConsumerStalledError
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import noted
from tests.integration.messaging.test_consumer import NAME, Bench, Effects, consuming
from tests.support.waiting import until

KEYS = [uuid4() for _ in range(30)]


class Shared:
    """A service with two instances that consume over one log, into one database."""

    def __init__(self, service: Database, log: Log) -> None:
        self.bench = Bench(service, log)
        self.log = log
        self.group = f"group-{uuid4().hex[:8]}"
        self.sent = 0

    @asynccontextmanager
    async def instance(self) -> AsyncIterator[Effects]:
        """An instance that works, and leaves its group at the end as a worker does."""
        effects = Effects()
        member = self.log.member(self.group)
        work = partial(self.bench.service.work, sight=Sight.ALL)
        async with consuming(Consumer(NAME, member, work, effects.handlers, first_pause=0.01)):
            yield effects
        await member.close()

    async def send(self, count: int) -> None:
        numbers = range(self.sent, self.sent + count)
        await self.bench.send(*(noted(number, KEYS[number % len(KEYS)]) for number in numbers))
        self.sent += count

    async def all_there(self) -> bool:
        return len(await self.bench.numbers()) >= self.sent

    async def check(self) -> None:
        """Each event had its effect once, and those of a key in order."""
        rows = await self.bench.service.pool.fetch("SELECT key, number FROM effect ORDER BY seq")
        assert sorted(int(row["number"]) for row in rows) == list(range(self.sent))
        for key in map(str, KEYS):
            numbers = [int(row["number"]) for row in rows if row["key"] == key]
            assert numbers == sorted(numbers)
        assert await self.bench.open() == []


async def test_two_instances_share_the_work_and_one_goes_on_alone(
    service: Database, log: Log
) -> None:
    shared = Shared(service, log)
    async with shared.instance() as one:
        async with shared.instance() as two, asyncio.timeout(60):
            # Both have partitions once both had events of a round.
            while not (one.calls and two.calls):
                one.calls.clear()
                two.calls.clear()
                await shared.send(60)
                await until(shared.all_there, 30)
        await shared.send(60)
        await until(shared.all_there, 30)
    await shared.check()


class Hanging:
    """A transport that never answers, as a client whose broker is lost may do."""

    async def publish(self, messages: Sequence[Message]) -> None:
        return None

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109
        await asyncio.Event().wait()
        raise AssertionError("nobody sets this event")

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        return None

    async def close(self) -> None:
        return None

    def read_ahead(self, reader: Reader) -> None:
        return None

    async def lag(self) -> Sequence[PartitionLag]:
        return ()

    async def behind(self) -> bool:
        return False


async def test_a_consumer_whose_transport_hangs_ends_its_process(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer_module, "HUNG_AFTER", 0.1)
    consumer = Consumer(NAME, Hanging(), partial(service.work, sight=Sight.ALL), {})
    with pytest.raises(ConsumerStalledError, match="the transport hangs"):
        async with asyncio.timeout(10):
            await consumer.run(asyncio.Event())

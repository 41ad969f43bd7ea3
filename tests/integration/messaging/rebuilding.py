"""A bench whose projection can be made anew, on either log."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from uuid import uuid4

from aiokafka import TopicPartition as Place
from aiokafka.admin import RecordsToDelete
from sqlalchemy import Table

from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Handlers
from shared.messaging.kafka import KafkaConfig
from shared.messaging.kafka_clients import make_admin
from shared.messaging.kafka_lag import group_lag
from shared.messaging.kafka_replay import KafkaReplay
from shared.messaging.offsets import LogOffsets, Positions
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.replay import PostgresReplay, Replay
from shared.messaging.transport import Record, TopicPartition
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Live, Progress, Rebuild
from tests.integration.messaging.conftest import KafkaUnderTest, Log, PostgresLogUnderTest
from tests.integration.messaging.test_consumer import NAME, Bench

ROWS = "SELECT event, key, number FROM effect ORDER BY key, seq"


class Rebuilding(Bench):
    """A bench whose projection can be made anew."""

    def __init__(self, service: Database, log: Log, effect: Table, url: str) -> None:
        super().__init__(service, log)
        self.group = f"group-{uuid4().hex[:8]}"
        self.member = log.member(self.group)
        self.effect = effect
        self.url = url
        self.heard: list[Progress] = []
        self.during: Callable[[Progress], None] = self.heard.append
        self.noted: list[int] = []

    def projection(self, handlers: Handlers | None = None) -> Projection:
        return Projection(
            name="effecten",
            title="Effecten",
            tables=(self.effect,),
            handlers=handlers or self.effects.handlers,
        )

    async def note(self, _: UnitOfWork, done: int) -> None:
        self.noted.append(done)

    def replay(self) -> Replay:
        if isinstance(self.log, PostgresLogUnderTest):
            return PostgresReplay(self.log._pool, [self.log.topic])
        assert isinstance(self.log, KafkaUnderTest)
        return KafkaReplay(KafkaConfig(bootstrap_servers=self.log._servers), [self.log.topic])

    async def positions(self) -> Positions:
        if isinstance(self.log, PostgresLogUnderTest):
            lines: Sequence[Any] = await PostgresLog(
                self.log._pool, group=self.group, topics=[self.log.topic]
            ).lag()
        else:
            assert isinstance(self.log, KafkaUnderTest)
            config = KafkaConfig(bootstrap_servers=self.log._servers)
            lines = await group_lag(config, self.group, [self.log.topic])
        return {TopicPartition(line.topic, line.partition): line.position for line in lines}

    async def rebuild(self, handlers: Handlers | None = None) -> int:
        replay = self.replay()
        database = await Database.open(self.url, publisher=self.service._publisher, size=2)
        async with self.service.pool.acquire() as session:
            live = Live(NAME, self.positions)
            projection = self.projection(handlers)
            made = Rebuild(projection, live, replay, session, database, self.during, self.note)
            try:
                done = await made.run()
                await made.finish()
            finally:
                await database.close()
                if isinstance(replay, KafkaReplay):
                    await replay.close()
        return done

    async def shorten(self) -> None:
        """Remove the first records of each partition, as a term of retention does."""
        if isinstance(self.log, PostgresLogUnderTest):
            await self.log._pool.execute(
                'DELETE FROM event_log WHERE topic = $1 AND "offset" < 2', self.log.topic
            )
            return
        assert isinstance(self.log, KafkaUnderTest)
        admin = make_admin(KafkaConfig(bootstrap_servers=self.log._servers))
        await admin.start()
        replay = self.replay()
        assert isinstance(replay, KafkaReplay)
        ends = (await replay.edges()).end
        await replay.close()
        gone = {Place(*place): RecordsToDelete(min(end, 2)) for place, end in ends.items()}
        await admin.delete_records(gone)
        await admin.close()

    async def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.service.pool.fetch(ROWS)]


class Meddling:
    """A log in which, as the very last is read of it, something is begun elsewhere."""

    def __init__(self, inner: Replay, begin: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._inner, self._begin = inner, begin
        self.begun: asyncio.Task[None] | None = None
        self._looks = 0

    async def edges(self) -> LogOffsets:
        self._looks += 1
        return await self._inner.edges()

    async def read(self, at: Positions, until: Positions, most: int) -> Sequence[Record]:
        records = await self._inner.read(at, until, most)
        if not records and self._looks > 1 and self.begun is None:
            self.begun = asyncio.create_task(self._begin())
            await asyncio.wait({self.begun}, timeout=0.5)
        return records

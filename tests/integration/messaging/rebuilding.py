"""A bench whose projection can be made anew, on either log."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Table

from shared.db import Database
from shared.messaging.handlers import Handlers
from shared.messaging.kafka import KafkaConfig
from shared.messaging.kafka_lag import group_lag
from shared.messaging.kafka_replay import KafkaReplay
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.transport import TopicPartition
from shared.rebuild import store
from shared.rebuild.edges import Positions
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Live, Progress, Rebuild
from shared.rebuild.replay import PostgresReplay, Replay
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

    def projection(self, handlers: Handlers | None = None) -> Projection:
        return Projection(
            name="effecten",
            title="Effecten",
            tables=(self.effect,),
            handlers=handlers or self.effects.handlers,
        )

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
        async with self.service.work() as work:
            identity = await store.begin(work, "effecten", actor="test")
        replay = self.replay()
        database = await Database.open(self.url, publisher=self.service._publisher, size=2)
        async with self.service.pool.acquire() as session:
            live = Live(NAME, self.positions)
            projection = self.projection(handlers)
            made = Rebuild(projection, live, replay, session, database, self.during)
            try:
                return await made.run(identity)
            finally:
                await database.close()
                async with self.service.work() as work:
                    await store.fail(work, identity, "in een test")
                if isinstance(replay, KafkaReplay):
                    await replay.close()

    async def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.service.pool.fetch(ROWS)]

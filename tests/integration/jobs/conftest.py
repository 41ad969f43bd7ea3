"""A service's database with a table where steps leave what they did."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from deploy.services import spec_of
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.jobs import standing
from shared.jobs.kinds import JobKind
from shared.jobs.queue import NewJob, queue
from shared.jobs.runner import JobRunner
from shared.jobs.standing import JobRow
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from tests.support.databases import FreshDatabase, as_owner

EFFECT = "CREATE TABLE effect (job uuid NOT NULL, number int NOT NULL)"


@dataclass(frozen=True, slots=True)
class Bench:
    """The database, and runners for it."""

    url: str
    database: Database
    other: asyncpg.Pool
    settings: Settings

    def runner(self, *kinds: JobKind, at_once: int = 4) -> JobRunner:
        settings = self.settings.model_copy(update={"jobs_at_once": at_once})
        return JobRunner("intake", self.database, kinds, settings, None, look_every=0.02)

    async def queue(self, *jobs: NewJob, actor: str = "jansen") -> None:
        async with self.database.work(actor, sight=Sight.ALL) as work:
            for job in jobs:
                queue(work, job)

    async def one(self, job: NewJob) -> JobRow:
        async with self.database.read(Sight.ALL) as rows:
            return await standing.one(rows, job.id)

    async def numbers(self, job: NewJob) -> list[int]:
        found = "SELECT number FROM effect WHERE job = $1 ORDER BY number"
        return [row[0] for row in await self.database.pool.fetch(found, job.id)]


@pytest.fixture(scope="module")
async def url(fresh_database: FreshDatabase) -> str:
    return await fresh_database("intake")


@pytest.fixture
async def bench(url: str, server_settings: Settings) -> AsyncIterator[Bench]:
    publisher = publisher_for(spec_of("intake"), server_settings)
    database = await Database.open(url, publisher=publisher, application="test-jobs", size=8)
    await as_owner(database.pool, "DROP TABLE IF EXISTS effect", EFFECT, "TRUNCATE job")
    async with asyncpg.create_pool(url, min_size=0, max_size=1) as other:
        yield Bench(url, database, other, server_settings)
    await database.close()

"""VTH_SLOW_STATEMENT_MS: what takes longer is named in the log, reads and writes alike."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, text
from structlog.testing import capture_logs

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.messaging.tables import messaging_tables

SLOW = Table("slow", MetaData(), Column("n", Integer, primary_key=True))
SLEEP = text("SELECT pg_sleep(:seconds)")
# The default is worked out for each row that is inserted.
CREATE = "CREATE TABLE slow (n int PRIMARY KEY, waited text DEFAULT pg_sleep(0.3)::text)"


@pytest.fixture(scope="module")
async def url(postgres_server: str) -> str:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_slow WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_slow")
    await root.close()
    connection = await asyncpg.connect(postgres_server + "/vth_slow")
    await connection.execute(CREATE)
    await connection.close()
    return postgres_server + "/vth_slow"


@pytest.fixture(params=[200, 60_000])
async def database(url: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    opened = await Database.open(url, publisher=publisher, slow_ms=request.param)
    await opened.pool.execute("DELETE FROM slow")
    yield opened
    await opened.close()


async def test_what_takes_longer_than_the_limit_is_named(
    database: Database, request: pytest.FixtureRequest
) -> None:
    with capture_logs() as lines:
        async with database.read(Sight.ALL) as rows:
            await rows.all(SLEEP, seconds=0.3)
        async with database.work("test", sight=Sight.ALL) as work:
            await work.all(SLEEP, seconds=0.3)
            work.insert(SLOW, {"n": 1})
            await work.flush()
            work.insert(SLOW, {"n": 2})
            await work.send()
        async with database.work("test", sight=Sight.ALL) as work:
            work.insert(SLOW, {"n": 3})
    slow = [line["sql"].split()[0] for line in lines if line["event"] == "slow statement"]
    limit = request.node.callspec.params["database"]
    assert slow == (["SELECT", "SELECT", "INSERT", "INSERT", "INSERT"] if limit < 300 else [])
    assert all("0.3" not in str(line) for line in lines)

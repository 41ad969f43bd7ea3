"""Units of work that come at the same time commit together, and each keeps its own fate."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select
from sqlalchemy.schema import CreateTable

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.query import Query
from shared.db.statements import DIALECT
from shared.messaging.tables import messaging_tables

metadata = MetaData()
THING = Table(
    "together",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text),
)

LOCK_TIMEOUT = Query(str, select(func.current_setting("lock_timeout").label("lock_timeout")))


@pytest.fixture(scope="module")
async def database(postgres_server: str) -> AsyncIterator[Database]:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_together WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_together")
    await root.close()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    opened = await Database.open(postgres_server + "/vth_together", publisher=publisher, size=4)
    await opened.pool.execute(str(CreateTable(THING).compile(dialect=DIALECT)))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    await database.pool.execute("TRUNCATE together")


async def _insert(database: Database, identity: int) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        work.insert(THING, {"id": identity, "name": f"ding {identity}"})


async def _stored(database: Database) -> list[int]:
    rows = await database.pool.fetch("SELECT id FROM together ORDER BY id")
    return [row["id"] for row in rows]


async def test_many_at_once_are_all_there_in_a_few_transactions(database: Database) -> None:
    await asyncio.gather(*(_insert(database, n) for n in range(40)))
    assert await _stored(database) == list(range(40))
    transactions = await database.pool.fetchval("SELECT count(DISTINCT xmin::text) FROM together")
    assert transactions <= 4


async def test_one_that_is_taken_is_refused_and_the_others_are_there(database: Database) -> None:
    await _insert(database, 3)
    outcomes = await asyncio.gather(
        *(_insert(database, n) for n in range(8)), return_exceptions=True
    )
    refused = {n for n, outcome in enumerate(outcomes) if outcome is not None}
    assert refused == {3}
    assert isinstance(outcomes[3], asyncpg.UniqueViolationError)
    assert await _stored(database) == list(range(8))


async def test_two_of_one_key_at_once_are_one_row_and_one_refusal(database: Database) -> None:
    outcomes = await asyncio.gather(
        _insert(database, 1), _insert(database, 1), _insert(database, 2), return_exceptions=True
    )
    assert [type(each) for each in outcomes].count(asyncpg.UniqueViolationError) == 1
    assert await _stored(database) == [1, 2]


async def test_who_waits_for_a_row_of_another_keeps_nobody_else_waiting(
    database: Database, postgres_server: str
) -> None:
    other = await asyncpg.connect(f"{postgres_server}/vth_together")
    open_transaction = other.transaction()
    await open_transaction.start()
    await other.execute("INSERT INTO together VALUES (3, 'van een ander')")
    tasks = [asyncio.create_task(_insert(database, n)) for n in range(6)]
    async with asyncio.timeout(5):
        await asyncio.gather(*(task for n, task in enumerate(tasks) if n != 3))
    assert not tasks[3].done()
    await open_transaction.rollback()
    await tasks[3]
    await other.close()
    assert await _stored(database) == list(range(6))


async def test_after_company_a_session_waits_for_a_row_as_long_as_before(
    database: Database,
) -> None:
    await asyncio.gather(*(_insert(database, n) for n in range(20)))
    for _ in range(4):
        async with database.work("test", sight=Sight.ALL) as work:
            assert await work.value(LOCK_TIMEOUT) == "10s"


@pytest.mark.parametrize("turns", range(1, 5))
async def test_who_gives_up_while_it_is_told_how_long_to_wait_leaves_the_session_as_others_need_it(
    database: Database, turns: int
) -> None:
    async with database.pool.acquire() as session:
        telling = asyncio.create_task(session.wait_for_locks(0.2))
        for _ in range(turns):
            await asyncio.sleep(0)
        telling.cancel()
        await asyncio.wait({telling})
        await session.wait_for_locks(10)
        assert await session.fetchval("SHOW lock_timeout") == "10s"


async def test_what_does_more_than_insert_goes_alone(database: Database) -> None:
    async def upsert(identity: int) -> None:
        async with database.work("test", sight=Sight.ALL) as work:
            work.upsert(THING, {"id": identity, "name": "nieuw"}, keys=("id",))

    await asyncio.gather(*(upsert(n) for n in range(5)))
    transactions = await database.pool.fetchval("SELECT count(DISTINCT xmin::text) FROM together")
    assert transactions == 5
    async with database.read(Sight.ALL) as rows:
        assert len(await rows.all(select(THING))) == 5

"""Writes that are sent without waiting: in order, all or nothing, and their errors not lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.schema import CreateTable

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.statements import DIALECT
from shared.db.unit_of_work import UnitOfWork
from shared.figures import Figure
from shared.messaging.tables import messaging_tables

NUMBER = Table("number", MetaData(), Column("n", Integer, primary_key=True))
ALL = select(NUMBER.c.n).order_by(NUMBER.c.n)


@pytest.fixture
async def database(postgres_server: str) -> AsyncIterator[Database]:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_sending WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_sending")
    await root.close()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    # One connection: a work that kept or broke it would be noticed by the next.
    opened = await Database.open(postgres_server + "/vth_sending", publisher=publisher, size=1)
    await opened.pool.execute(str(CreateTable(NUMBER).compile(dialect=DIALECT)))
    yield opened
    await opened.close()


@pytest.fixture
async def blocker(database: Database, postgres_server: str) -> AsyncIterator[asyncpg.Connection]:
    """A session of somebody else, who holds rows."""
    connection = await asyncpg.connect(postgres_server + "/vth_sending")
    yield connection
    await connection.close()


async def stored(database: Database) -> list[int]:
    async with database.work("test", sight=Sight.ALL) as work:
        return [row["n"] for row in await work.all(ALL)]


async def test_a_read_sees_what_was_sent_before_it(database: Database) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        for n in range(5):
            work.insert(NUMBER, {"n": n})
            await work.send()
            assert [row["n"] for row in await work.all(ALL)] == list(range(n + 1))
    assert await stored(database) == list(range(5))


async def test_figures_count_what_was_committed_and_nothing_else(database: Database) -> None:
    figure = Figure("vth_test_committed", "Nothing", "what")
    counted = figure.of("ja")

    def value() -> float:
        found = REGISTRY.get_sample_value("vth_test_committed_total", {"what": "ja"})
        assert found is not None
        return found

    async def broken_off(work: UnitOfWork) -> None:
        async with work:
            work.insert(NUMBER, {"n": 1})
            work.count(counted)
            raise ZeroDivisionError

    async def refused(work: UnitOfWork) -> None:
        async with work:
            work.insert(NUMBER, {"n": 2})
            await work.flush()
            work.insert(NUMBER, {"n": 2})
            work.count(counted)

    async def undone(work: UnitOfWork) -> None:
        async with work.savepoint():
            work.count(counted, 10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken_off(database.work(sight=Sight.ALL))
    with pytest.raises(asyncpg.UniqueViolationError):
        await refused(database.work(sight=Sight.ALL))
    assert value() == 0
    async with database.work(sight=Sight.ALL) as work:
        work.count(counted)
        with pytest.raises(ZeroDivisionError):
            await undone(work)
        work.count(counted, 2)
        assert value() == 0
    assert value() == 3


async def test_the_caller_goes_on_while_the_database_works(
    database: Database, blocker: asyncpg.Connection
) -> None:
    async with blocker.transaction():
        await blocker.execute("INSERT INTO number VALUES (1)")
        work = database.work("test", sight=Sight.ALL)
        work.insert(NUMBER, {"n": 1}, ignore=True)
        # The row is another's: an answer would not come before that one has ended.
        await asyncio.wait_for(work.send(), 5)
        work.insert(NUMBER, {"n": 2})
    await work.commit()
    await work.close()
    assert await stored(database) == [1, 2]


async def savepoint(work: UnitOfWork) -> None:
    async with work.savepoint():
        raise AssertionError("the savepoint must not begin")


async def another(work: UnitOfWork) -> None:
    work.insert(NUMBER, {"n": 2})
    await work.send()


@pytest.mark.parametrize(
    "then",
    [lambda work: work.all(ALL), UnitOfWork.flush, UnitOfWork.commit, savepoint, another],
    ids=["read", "flush", "commit", "savepoint", "send"],
)
async def test_an_error_of_what_was_sent_is_raised_by_what_comes_next(
    database: Database, then: Callable[[UnitOfWork], Awaitable[object]]
) -> None:
    async def twice() -> None:
        async with database.work("test", sight=Sight.ALL) as work:
            for _ in range(2):
                work.insert(NUMBER, {"n": 1})
                await work.send()
            await then(work)

    with pytest.raises(asyncpg.UniqueViolationError):
        await twice()
    assert await stored(database) == []


async def send_and_fail(database: Database) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        work.insert(NUMBER, {"n": 1})
        await work.send()
        raise ZeroDivisionError


async def test_a_work_that_fails_leaves_nothing_of_what_is_under_way(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await send_and_fail(database)
    assert await stored(database) == []


async def test_a_work_that_is_cancelled_gives_back_a_whole_connection(
    database: Database, blocker: asyncpg.Connection
) -> None:
    sent = asyncio.Event()

    async def write() -> None:
        async with database.work("test", sight=Sight.ALL) as work:
            work.insert(NUMBER, {"n": 1})
            await work.send()
            sent.set()
            await work.all(ALL)

    async with blocker.transaction():
        await blocker.execute("INSERT INTO number VALUES (1)")
        writing = asyncio.create_task(write())
        await sent.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    assert await stored(database) == [1]


async def test_a_work_that_fails_does_not_wait_for_what_hangs(
    database: Database, blocker: asyncpg.Connection
) -> None:
    async with blocker.transaction():
        await blocker.execute("INSERT INTO number VALUES (1)")
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(send_and_fail(database), 5)
    assert await stored(database) == [1]

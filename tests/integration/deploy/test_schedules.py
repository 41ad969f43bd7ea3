"""Work by the clock: repeated, by one process at a time, and a failure stops nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, text

from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.tables import messaging_tables
from shared.schedules import Schedule, run_once, run_schedules
from tests.support.databases import FreshDatabase
from tests.support.waiting import until

OFTEN = timedelta(milliseconds=20)


@pytest.fixture
async def database(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    outbox = messaging_tables(MetaData()).outbox
    publisher = Publisher(outbox, source="urn:nld:oin:0:systeem:test")
    opened = await Database.open(await fresh_database("intake"), publisher=publisher)
    yield opened
    await opened.close()


async def test_a_schedule_is_repeated_while_another_fails(database: Database) -> None:
    turns: list[int] = []
    stop = asyncio.Event()

    async def count(work: UnitOfWork) -> None:
        turns.append(await work.value(text("SELECT 1")))

    async def fail(work: UnitOfWork) -> None:
        await work.value(text("SELECT 1 / 0"))

    schedules = {"count": Schedule(OFTEN, count), "fail": Schedule(OFTEN, fail)}
    running = asyncio.create_task(run_schedules(database, schedules, stop))
    await until(lambda: len(turns) >= 3)
    stop.set()
    await running


async def test_a_turn_that_left_something_is_followed_at_once(database: Database) -> None:
    turns: list[int] = []
    stop = asyncio.Event()

    async def some(_: UnitOfWork) -> bool:
        turns.append(len(turns))
        return len(turns) < 3

    schedules = {"some": Schedule(timedelta(hours=1), some)}
    running = asyncio.create_task(run_schedules(database, schedules, stop))
    await until(lambda: len(turns) == 3)
    await asyncio.sleep(0.1)
    assert len(turns) == 3
    stop.set()
    await running


async def test_of_two_processes_one_takes_the_turn(database: Database) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(work: UnitOfWork) -> None:
        entered.set()
        await leave.wait()

    first = asyncio.create_task(run_once(database, "slow", Schedule(OFTEN, slow)))
    await entered.wait()
    assert await run_once(database, "slow", Schedule(OFTEN, slow)) is False
    leave.set()
    assert await first is True

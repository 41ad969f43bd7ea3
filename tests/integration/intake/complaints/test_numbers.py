"""Numbers in blocks: unique over processes and databases, one question per block."""

import asyncio

from services.intake.tables import complaint_number, messaging
from shared.auth.sight import Sight
from shared.clock import SystemClock
from shared.db.database import open_pool
from shared.db.numbers import BLOCK, Numbers
from shared.db.outbox import Publisher
from shared.db.unit_of_work import UnitOfWork
from tests.integration.intake.conftest import Intake
from tests.support.databases import FreshDatabase


async def test_two_processes_never_give_the_same_number(intake: Intake) -> None:
    processes = [Numbers("K", complaint_number) for _ in range(3)]

    async def take(numbers: Numbers) -> list[str]:
        async with intake.db.work("test", sight=Sight.ALL) as work:
            return [await numbers.next(work, 2026) for _ in range(2 * BLOCK + 1)]

    taken = [number for each in await asyncio.gather(*map(take, processes)) for number in each]
    assert len(set(taken)) == len(taken) == 3 * (2 * BLOCK + 1)
    assert all(number.startswith("K-2026-") and len(number) == 13 for number in taken)


async def test_numbers_side_by_side_in_one_process_differ(intake: Intake) -> None:
    numbers = Numbers("K", complaint_number)

    async def take() -> str:
        async with intake.db.work("test", sight=Sight.ALL) as work:
            return await numbers.next(work, 2026)

    taken = await asyncio.gather(*(take() for _ in range(BLOCK + 10)))
    assert len(set(taken)) == BLOCK + 10


async def test_a_block_belongs_to_the_database_it_came_from(
    intake: Intake, fresh_database: FreshDatabase
) -> None:
    numbers = Numbers("K", complaint_number)
    async with intake.db.work("test", sight=Sight.ALL) as work:
        for _ in range(5):
            await numbers.next(work, 2026)
    pool = await open_pool(await fresh_database("intake"), application="test")
    publisher = Publisher(messaging.outbox, source="urn:test")
    work = UnitOfWork(pool, publisher, actor="test", sight=Sight.ALL, clock=SystemClock())
    try:
        assert await numbers.next(work, 2026) == "K-2026-000001"
    finally:
        await work.close()
        await pool.close()


async def test_many_are_given_at_once_each_in_its_year(intake: Intake) -> None:
    numbers = Numbers("K", complaint_number)
    years = [2023] * 3 + [2024] * BLOCK
    async with intake.db.work("test", sight=Sight.ALL) as work:
        taken = await numbers.many(work, years)
        assert await numbers.many(work, []) == []
    assert len(set(taken)) == len(years)
    assert [number[2:6] for number in taken] == [str(year) for year in years]

"""Recurring jobs, forgetting what is done, and figures."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.jobs import metrics
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind, recurring
from shared.jobs.queue import NewJob
from shared.jobs.states import JobState
from shared.jobs.upkeep import forget
from tests.integration.jobs.conftest import Bench
from tests.support.waiting import until


def a_job(kind: str) -> NewJob:
    return NewJob(kind=kind, description="Later")


async def nothing(_: Job) -> None:
    """Not asked for in these tests."""


COUNTING = JobKind("tellen", "Tellen", nothing)


async def test_a_recurring_job_has_one_row_and_comes_again(bench: Bench) -> None:
    turns: list[int] = []

    async def turn(work: UnitOfWork) -> bool:
        turns.append(await work.value(text("SELECT 1")))
        return len(turns) == 1

    kind = recurring("uurwerk", "Uurwerk", timedelta(hours=1), turn)
    for _ in range(3):
        await bench.runner(kind).run_due()
    assert len(turns) == 2
    rows = "SELECT state, available_at - now() > '59 min' AS later FROM job"
    assert [tuple(row) for row in await bench.database.pool.fetch(rows)] == [("wacht", True)]
    await bench.database.pool.execute("UPDATE job SET available_at = now()")
    await bench.runner(kind).run_due()
    assert len(turns) == 3


async def test_a_recurring_job_that_fails_comes_again_and_says_why(bench: Bench) -> None:
    broken = True

    async def turn(work: UnitOfWork) -> None:
        await work.value(text("SELECT 1 / 0") if broken else text("SELECT 1"))

    kind = recurring("uurwerk", "Uurwerk", timedelta(seconds=10), turn)
    failed = "SELECT state, available_at < now() + '11 s', error FROM job"
    for _ in range(8):
        await bench.database.pool.execute("UPDATE job SET available_at = now()")
        await bench.runner(kind).run_due()
    state, soon, error = await bench.database.pool.fetchrow(failed)
    assert (state, soon) == ("wacht op nieuwe poging", True)
    assert "DivisionByZeroError" in error
    broken = False
    await bench.database.pool.execute("UPDATE job SET available_at = now()")
    await bench.runner(kind).run_due()
    row = await bench.database.pool.fetchrow("SELECT state, error, attempts FROM job")
    assert tuple(row) == ("wacht", None, 0)


async def test_old_jobs_are_forgotten_but_not_those_that_failed(bench: Bench) -> None:
    for state in JobState:
        await bench.database.pool.execute(
            "INSERT INTO job (id, kind, description, state, requested_by, requested_at, lease, "
            "finished_at) VALUES ($1, 'x', 'x', $2, 'x', now() - interval '31 days', "
            "CASE WHEN $2 = 'loopt' THEN gen_random_uuid() END, CASE WHEN $2 IN ('mislukt', "
            "'klaar', 'geannuleerd') THEN now() - interval '31 days' END)",
            new_id(),
            str(state),
        )
    async with bench.database.work("systeem", sight=Sight.ALL) as work:
        assert await forget(work, 40) == 0
        assert await forget(work, 30) == 2
    left = await bench.database.pool.fetch("SELECT state FROM job ORDER BY state")
    assert [row[0] for row in left] == ["loopt", "mislukt", "wacht", "wacht op nieuwe poging"]


async def test_what_waits_and_failed_is_measured(bench: Bench) -> None:
    await bench.queue(a_job("later"), a_job("later"))
    old = "UPDATE job SET available_at = now() - interval '1 hour'"
    await bench.database.pool.execute(old)
    stop = asyncio.Event()
    running = asyncio.create_task(bench.runner(COUNTING).run(stop))

    def is_measured() -> bool:
        return bool(metrics.jobs.labels("intake", "later", "wacht")._value.get() == 2)

    await until(is_measured)
    stop.set()
    await running
    assert 3_600 <= metrics.jobs_late.labels("intake", "later")._value.get() < 3_700
    assert metrics.jobs.labels("intake", "tellen", "mislukt")._value.get() == 0

"""A job is queued in a commit, done in steps, tried again, followed and cancelled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.auth.sight import Sight
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.jobs import changes
from shared.jobs.errors import JobFailedError, RetryError
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.jobs.queue import NewJob, queue, queue_only
from tests.integration.jobs.conftest import Bench
from tests.support.databases import as_owner, end_sessions
from tests.support.waiting import until

ADD = text("INSERT INTO effect (job, number) VALUES (:job, :number)")
NO_PAUSE = (timedelta(0), timedelta(0))


def a_job(kind: str = "tellen", **values: Any) -> NewJob:
    return NewJob(kind=kind, description="Tellen tot drie", **values)


async def count(job: Job) -> str:
    """A step for each number, from where the position says."""
    last: int = job.parameters.get("last", 3)
    for number in range(1 + (job.position or {}).get("number", 0), last + 1):
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=number)
            job.progress(number, last)
            job.save({"number": number})
    return f"{last} geteld"


COUNTING = JobKind("tellen", "Tellen", count, NO_PAUSE)


async def test_a_job_is_done_with_who_asked_and_what_came_of_it(bench: Bench) -> None:
    job = a_job()
    await bench.queue(job)
    waiting = await bench.one(job)
    assert (waiting.state, waiting.requested_by, waiting.attempts) == ("wacht", "jansen", 0)
    await bench.runner(COUNTING).run_due()
    done = await bench.one(job)
    assert (done.state, done.result, done.done, done.total) == ("klaar", "3 geteld", 3, 3)
    assert done.finished_at
    assert await bench.numbers(job) == [1, 2, 3]


async def test_a_job_of_work_that_is_rolled_back_was_never_there(bench: Bench) -> None:
    job = a_job()

    async def broken() -> None:
        async with bench.database.work("jansen", sight=Sight.ALL) as work:
            queue(work, job)
            await work.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await broken()
    with pytest.raises(NotFound):
        await bench.one(job)


async def test_what_fails_goes_on_from_its_saved_position(bench: Bench) -> None:
    async def stumble(job: Job) -> str:
        if job.attempts == 1 and job.position is None:
            await count_until(job, 2)
            raise ZeroDivisionError("7 is the secret")
        return await count(job)

    async def count_until(job: Job, last: int) -> None:
        for number in range(1, last + 1):
            async with job.step() as work:
                await work.execute(ADD, job=job.id, number=number)
                job.save({"number": number})

    job = a_job()
    await bench.queue(job)
    kind = JobKind("tellen", "Tellen", stumble, (timedelta(hours=1),))
    await bench.runner(kind).run_due()
    waits = await bench.one(job)
    assert (waits.state, waits.result) == ("wacht op nieuwe poging", None)
    assert waits.error == "Onverwachte fout (ZeroDivisionError); zie het logboek van de worker."
    async with bench.database.work("beheer", sight=Sight.ALL) as work:
        await changes.retry(work, job.id)
    await bench.runner(kind).run_due()
    assert (await bench.one(job)).state == "klaar"
    assert await bench.numbers(job) == [1, 2, 3]


async def test_a_step_that_fails_leaves_nothing(bench: Bench) -> None:
    async def fail(job: Job) -> None:
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=1)
            job.save({"number": 1})
            raise RetryError("Het lukte niet.")

    job = a_job()
    await bench.queue(job)
    await bench.runner(JobKind("tellen", "Tellen", fail, ())).run_due()
    found = await bench.one(job)
    assert (found.state, found.error) == ("mislukt", "Het lukte niet.")
    position = "SELECT position FROM job WHERE id = $1"
    assert await bench.database.pool.fetchval(position, job.id) is None
    assert await bench.numbers(job) == []


@pytest.mark.parametrize(
    ("error", "attempts", "told"),
    [
        (RetryError("De mailserver antwoordt niet."), 3, "De mailserver antwoordt niet."),
        (JobFailedError("Het adres bestaat niet."), 1, "Het adres bestaat niet."),
        (Conflict("Er loopt er al een."), 3, "Er loopt er al een."),
    ],
)
async def test_attempts_are_bounded_and_a_final_failure_is_not_tried_again(
    bench: Bench, error: Exception, attempts: int, told: str
) -> None:
    async def fail(_: Job) -> None:
        raise error

    job = a_job()
    await bench.queue(job)
    await bench.runner(JobKind("tellen", "Tellen", fail, NO_PAUSE)).run_due()
    found = await bench.one(job)
    assert (found.state, found.attempts, found.error) == ("mislukt", attempts, told)


async def test_progress_gives_new_attempts(bench: Bench) -> None:
    """A job of a thousand steps is not ended by five bad moments on its way."""

    async def limp(job: Job) -> str:
        if job.attempts == 1 and (job.position or {}).get("number", 0) < 5:
            number = 1 + (job.position or {}).get("number", 0)
            async with job.step() as work:
                await work.execute(ADD, job=job.id, number=number)
                job.save({"number": number})
            raise RetryError("Even niet.")
        return await count(job)

    job = a_job(parameters={"last": 6})
    await bench.queue(job)
    await bench.runner(JobKind("tellen", "Tellen", limp, (timedelta(0),))).run_due()
    assert (await bench.one(job)).state == "klaar"
    assert await bench.numbers(job) == [1, 2, 3, 4, 5, 6]


async def test_a_job_that_ends_its_worker_each_time_is_given_up(bench: Bench) -> None:
    job = a_job()
    await bench.queue(job)
    died = "UPDATE job SET state = 'loopt', lease = $2, attempts = 3 WHERE id = $1"
    await bench.database.pool.execute(died, job.id, new_id())
    await bench.runner(COUNTING).run_due()
    found = await bench.one(job)
    assert (found.state, found.attempts) == ("mislukt", 4)
    assert found.error
    assert "viel bij elke poging weg" in found.error


async def test_a_queued_job_is_cancelled_at_once(bench: Bench) -> None:
    job = a_job()
    await bench.queue(job)
    async with bench.database.work("beheer", sight=Sight.ALL) as work:
        await changes.cancel(work, job.id)
    await bench.runner(COUNTING).run_due()
    found = await bench.one(job)
    assert (found.state, found.cancelled_by) == ("geannuleerd", "beheer")
    assert await bench.numbers(job) == []
    with pytest.raises(Conflict, match="geannuleerd"):
        async with bench.database.work("beheer", sight=Sight.ALL) as work:
            await changes.cancel(work, job.id)


async def test_a_running_job_is_cancelled_between_two_steps(bench: Bench) -> None:
    going_on = asyncio.Event()

    async def slow(job: Job) -> None:
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=1)
            job.progress(1, 2)
            await going_on.wait()
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=2)

    job = a_job()
    await bench.queue(job)
    running = asyncio.create_task(bench.runner(JobKind("tellen", "Tellen", slow)).run_due())
    await until(lambda: _is(bench, job, "loopt"))
    async with bench.database.work("beheer", sight=Sight.ALL) as work:
        await changes.cancel(work, job.id)
    assert (await bench.one(job)).state == "loopt"
    going_on.set()
    await running
    found = await bench.one(job)
    assert (found.state, found.cancelled_by, found.done) == ("geannuleerd", "beheer", 1)
    assert await bench.numbers(job) == [1]


async def _is(bench: Bench, job: NewJob, state: str) -> bool:
    return (await bench.one(job)).state == state


async def test_a_cancelled_or_failed_job_may_be_tried_again(bench: Bench) -> None:
    job = a_job()
    await bench.queue(job)
    for change in (changes.cancel, changes.retry):
        async with bench.database.work("beheer", sight=Sight.ALL) as work:
            await change(work, job.id)
    await bench.runner(COUNTING).run_due()
    assert (await bench.one(job)).state == "klaar"
    with pytest.raises(Conflict, match="klaar"):
        async with bench.database.work("beheer", sight=Sight.ALL) as work:
            await changes.retry(work, job.id)


async def test_of_one_key_one_job_is_open(bench: Bench) -> None:
    for job in (a_job(key="een"), a_job(key="twee"), a_job("anders", key="een")):
        async with bench.database.work("jansen", sight=Sight.ALL) as work:
            await queue_only(work, job, refusal="Er is er al een.")
    with pytest.raises(Conflict, match="Er is er al een"):
        async with bench.database.work("jansen", sight=Sight.ALL) as work:
            await queue_only(work, a_job(key="een"), refusal="Er is er al een.")


async def test_a_failed_job_waits_for_another_of_its_key(bench: Bench) -> None:
    first, second = a_job(key="een"), a_job(key="een")
    await bench.queue(first)
    async with bench.database.work("beheer", sight=Sight.ALL) as work:
        await changes.cancel(work, first.id)
    await bench.queue(second)
    with pytest.raises(Conflict, match="een andere van haar soort"):
        async with bench.database.work("beheer", sight=Sight.ALL) as work:
            await changes.retry(work, first.id)


async def test_no_more_run_at_once_than_may(bench: Bench) -> None:
    busy: list[str] = []
    most: list[tuple[int, int]] = []

    async def work(job: Job) -> None:
        busy.append(job.parameters["kind"])
        most.append((len(busy), busy.count("lang")))
        await asyncio.sleep(0.02)
        busy.remove(job.parameters["kind"])

    kinds = [JobKind("lang", "L", work), JobKind("kort", "K", work, at_once=5)]
    jobs = [
        NewJob(kind=kind, description="x", parameters={"kind": kind})
        for kind in ("lang", "kort") * 6
    ]
    await bench.queue(*jobs)
    await bench.runner(*kinds, at_once=3).run_due()
    assert max(together for together, _ in most) == 3
    assert max(long for _, long in most) == 1
    assert len(most) == 12


async def test_a_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it(bench: Bench) -> None:
    job = a_job("later")
    await bench.queue(job)
    await bench.runner(COUNTING).run_due()
    assert (await bench.one(job)).state == "wacht"


async def test_a_worker_that_stops_gives_back_what_it_was_at(bench: Bench) -> None:
    async def endless(job: Job) -> None:
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=1)
            job.save({"number": 1})
        await asyncio.Event().wait()

    job = a_job()
    await bench.queue(job)
    stop = asyncio.Event()
    endless_kind = JobKind("tellen", "Tellen", endless)
    running = asyncio.create_task(bench.runner(endless_kind).run(stop))

    async def began() -> bool:
        return await bench.numbers(job) == [1]

    await until(began)
    stop.set()
    await running
    found = await bench.one(job)
    assert (found.state, found.attempts) == ("wacht", 0)
    await bench.runner(COUNTING).run_due()
    assert await bench.numbers(job) == [1, 2, 3]


async def test_sessions_that_the_server_ends_cost_an_attempt_at_most(bench: Bench) -> None:
    async def unlucky(job: Job) -> str:
        if job.attempts == 1 and job.position is None:
            async with job.step() as work:
                await work.execute(ADD, job=job.id, number=1)
                await end_sessions(bench.other)
        return await count(job)

    job = a_job()
    await bench.queue(job)
    stop = asyncio.Event()
    kind = JobKind("tellen", "Tellen", unlucky, NO_PAUSE)
    running = asyncio.create_task(bench.runner(kind).run(stop))

    async def is_done() -> bool:
        state = await bench.other.fetchval("SELECT state FROM job WHERE id = $1", job.id)
        return bool(state == "klaar")

    await until(is_done)
    stop.set()
    await running
    found = await bench.other.fetch("SELECT number FROM effect ORDER BY number")
    assert [row[0] for row in found] == [1, 2, 3]


async def test_an_error_of_the_runner_itself_ends_the_worker(bench: Bench) -> None:
    await as_owner(bench.database.pool, "ALTER TABLE job RENAME TO gone")
    with pytest.raises(Exception, match='relation "job" does not exist'):
        await bench.runner(COUNTING).run(asyncio.Event())
    await as_owner(bench.database.pool, "ALTER TABLE gone RENAME TO job")

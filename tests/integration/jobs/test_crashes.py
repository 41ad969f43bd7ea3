"""A worker that dies or hangs loses its job to another, and every step is done once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.jobs.queue import NewJob
from shared.jobs.runner import JobRunner
from tests.integration.jobs import worker_process
from tests.integration.jobs.conftest import Bench
from tests.support.waiting import until

PROCESS = Path(worker_process.__file__)
ALL = list(range(1, 41))


@contextmanager
def worker(bench: Bench) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that works at the jobs, and is gone afterwards."""
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, str(PROCESS), bench.url],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def test_a_worker_that_is_killed_is_replaced_and_no_step_is_done_twice(bench: Bench) -> None:
    job = NewJob(kind="tellen", description="Tellen")
    await bench.queue(job)
    with worker(bench) as killed:
        await until(lambda: _counted(bench, job, 5), 30)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        left = await bench.one(job)
        assert left.state == "loopt"
        assert left.done < 40
    with worker(bench):
        await until(lambda: _has_ended(bench, job), 30)
    found = await bench.one(job)
    assert (found.state, found.done, found.result) == ("klaar", 40, "geteld")
    assert await bench.numbers(job) == ALL


async def test_a_worker_that_hung_changes_nothing_when_it_comes_back(bench: Bench) -> None:
    job = NewJob(kind="tellen", description="Tellen")
    await bench.queue(job)
    with worker(bench) as hung:
        await until(lambda: _counted(bench, job, 5), 30)
        hung.send_signal(signal.SIGSTOP)
        with worker(bench):
            await until(lambda: _has_ended(bench, job), 60)
            hung.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.5)
    assert await bench.numbers(job) == ALL
    found = await bench.one(job)
    assert (found.state, found.result) == ("klaar", "geteld")


async def test_two_workers_never_have_one_job(bench: Bench) -> None:
    jobs = [NewJob(kind="tellen", description="Tellen") for _ in range(3)]
    await bench.queue(*jobs)
    runners = [
        JobRunner("intake", bench.database, [worker_process.KIND], bench.settings, None)
        for _ in range(2)
    ]
    await asyncio.gather(*(runner.run_due() for runner in runners))
    for job in jobs:
        assert await bench.numbers(job) == ALL
        assert (await bench.one(job)).state == "klaar"


async def test_a_long_step_keeps_its_lease(bench: Bench) -> None:
    """The sign of life goes on beside the step."""
    job = NewJob(kind="tellen", description="Tellen")
    await bench.queue(job)
    began = asyncio.Event()

    async def long(running: Job) -> str:
        began.set()
        await asyncio.sleep(1.5)
        return f"poging {running.attempts}"

    kind = JobKind("tellen", "Tellen", long)
    short = timedelta(seconds=0.5)
    runners = [
        JobRunner("intake", bench.database, [kind], bench.settings, None, lease=short)
        for _ in range(2)
    ]
    first = asyncio.create_task(runners[0].run_due())
    await began.wait()
    await asyncio.sleep(0.8)
    await runners[1].run_due()
    await first
    assert (await bench.one(job)).result == "poging 1"


async def _counted(bench: Bench, job: NewJob, most: int) -> bool:
    return len(await bench.numbers(job)) >= most


async def _has_ended(bench: Bench, job: NewJob) -> bool:
    return (await bench.one(job)).finished_at is not None

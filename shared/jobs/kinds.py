"""What a service declares of its jobs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.db.unit_of_work import UnitOfWork
from shared.jobs.job import Job
from shared.jobs.standing import JobRow

# What is away for a moment, for a restart, for an evening; then a person must look.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: `run` does it and gives its result in words (Dutch), or nothing.

    It must be safe to run again from the position that was saved last. What takes a processor for
    long goes to a thread or process: the worker does more than this. `pauses` are the waiting times
    between attempts; after the last one the job has failed. Of a kind at most `at_once` jobs run in
    one worker. With `every` it is a recurring job: one row, due again so long after each turn.
    `told` hears of its outcome in the same commit, to keep what a list of the service shows: done,
    failed, cancelled, to be tried again.
    """

    name: str
    description: str
    run: Callable[[Job], Awaitable[str | None]]
    pauses: tuple[timedelta, ...] = PAUSES
    at_once: int = 1
    every: timedelta | None = None
    told: Callable[[UnitOfWork, JobRow], Awaitable[None]] | None = None

    def pause(self, attempts: int) -> timedelta | None:
        """How long to wait after so many attempts without progress; None: it has failed."""
        if self.every is None:
            return self.pauses[attempts - 1] if attempts <= len(self.pauses) else None
        return min(self.pauses[min(attempts, len(self.pauses)) - 1], self.every)


def recurring(
    name: str,
    description: str,
    every: timedelta,
    turn: Callable[[UnitOfWork], Awaitable[bool | None]],
) -> JobKind:
    """Work by the clock; `turn` finds for itself what is due, in a commit of its own.

    A turn that gives True left something for the next, which then comes at once.
    """

    async def run(job: Job) -> None:
        more: bool | None = True
        while more:
            async with job.step() as work:
                await work.take_time()
                more = await turn(work)

    return JobKind(name, description, run, every=every)

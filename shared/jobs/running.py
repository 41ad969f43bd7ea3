"""One job from claim to end, with the sign of life beside it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from shared.auth.sight import Sight
from shared.db.connections import is_connection_lost, pauses
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.jobs import leases, metrics, standing
from shared.jobs.errors import JobCancelledError, JobFailedError, LeaseLostError, RetryError
from shared.jobs.job import ACTOR, Job
from shared.jobs.kinds import JobKind
from shared.jobs.states import JobState

log = structlog.get_logger(__name__)

BEAT_EVERY: Final = 2.0
GONE: Final = "De worker viel bij elke poging weg tijdens deze taak; zie zijn logboek."
LONGEST: Final = 2_000


async def run_job(service: str, kind: JobKind, job: Job) -> JobState | None:
    """Do the job and note what came of it; None where the lease was lost or given back.

    Raises what cannot be noted; the lease then ends by itself.
    """
    log.info("job started", kind=kind.name, id=str(job.id), attempt=job.attempts)
    try:
        state = await _ended(kind, job)
    except asyncio.CancelledError:
        if not job.lost:
            await _note(kind, job, lambda work: leases.release(work, job.lease, job.now_at))
        raise
    except LeaseLostError:
        state = None
    told = state or "lease kwijt"
    metrics.jobs_ended.labels(service, kind.name, told).inc()
    log.info("job ended", kind=kind.name, id=str(job.id), state=told)
    return state


async def _ended(kind: JobKind, job: Job) -> JobState | None:
    """Raises LeaseLostError, and CancelledError when the worker stops."""
    try:
        job.check()
        _require_attempts(kind, job)
        async with _alive(job):
            result = await kind.run(job)
    except JobCancelledError:
        return await _finish(kind, job, JobState.CANCELLED)
    except JobFailedError as error:
        return await _failed(kind, job, str(error), final=True)
    except (RetryError, Refused) as error:
        return await _failed(kind, job, str(error))
    except (LeaseLostError, asyncio.CancelledError):
        raise
    except Exception as error:
        if is_connection_lost(error):
            return await _failed(kind, job, "De database was niet bereikbaar.")
        # The text of an error may hold values of rows: it is for the log alone.
        log.exception("job failed", kind=kind.name, id=str(job.id))
        why = f"Onverwachte fout ({type(error).__name__}); zie het logboek van de worker."
        return await _failed(kind, job, why)
    return await _finish(kind, job, JobState.DONE, result=result)


def _require_attempts(kind: JobKind, job: Job) -> None:
    """Raises JobFailedError for a job that ended its worker each time."""
    if kind.every is None and job.attempts > len(kind.pauses) + 1:
        raise JobFailedError(GONE)


@asynccontextmanager
async def _alive(job: Job) -> AsyncIterator[None]:
    """Keep the lease while the block runs; break the block off when it is lost."""
    running = asyncio.current_task()
    assert running is not None
    beating = asyncio.create_task(_beat(job, running), name=f"lease of job {job.id}")
    try:
        yield
    except asyncio.CancelledError:
        if not job.lost:
            raise
        running.uncancel()
        raise LeaseLostError(f"job {job.id} has another worker") from None
    finally:
        beating.cancel()
        await asyncio.wait({beating})


async def _beat(job: Job, running: asyncio.Task[object]) -> None:
    every = min(BEAT_EVERY, job.lease.lasts.total_seconds() / 3)
    heard = time.monotonic()
    while not job.lost:
        await asyncio.sleep(every)
        try:
            await job.beat()
            heard = time.monotonic()
        except Exception as error:
            if not (is_connection_lost(error) or isinstance(error, TimeoutError)):
                # What it says is found by the next step as well, which ends the job.
                log.exception("no sign of life", id=str(job.id))
            silent = time.monotonic() - heard
            job.lost = job.lost or silent > job.lease.lasts.total_seconds()
    running.cancel()


async def _finish(
    kind: JobKind, job: Job, state: JobState, *, result: str | None = None, error: str | None = None
) -> JobState:
    """Note the end; a recurring job is due again. Raises LeaseLostError."""

    async def write(work: UnitOfWork) -> bool:
        if kind.every is None:
            told = {"result": result, "error": error}
            return await leases.end(work, job.lease, job.now_at, state, **told)
        return await leases.again(work, job.lease, job.now_at, kind.every, anew=True, result=result)

    await _note(kind, job, write)
    return state


async def _failed(kind: JobKind, job: Job, why: str, *, final: bool = False) -> JobState:
    """Note why, and when to try again, if at all. Raises LeaseLostError."""
    why = why[:LONGEST]
    pause = None if final and kind.every is None else kind.pause(job.attempts)
    log.warning("job not done", kind=kind.name, id=str(job.id), reason=why, pause=str(pause))
    if pause is None:
        return await _finish(kind, job, JobState.FAILED, error=why)
    await _note(
        kind,
        job,
        lambda work: leases.again(work, job.lease, job.now_at, pause, anew=False, error=why),
    )
    return JobState.RETRY


async def _note(kind: JobKind, job: Job, write: Callable[[UnitOfWork], Awaitable[bool]]) -> None:
    """Commit what came of a job; a database that is away is waited for while the lease lasts.

    Raises LeaseLostError.
    """
    waits, until = pauses(), time.monotonic() + job.lease.lasts.total_seconds()
    while True:
        try:
            async with job.database.work(ACTOR, sight=Sight.ALL) as work:
                noted = await write(work)
                if noted and kind.told is not None:
                    await kind.told(work, await standing.one(work, job.id))
        except Exception as error:
            if not is_connection_lost(error) or time.monotonic() > until:
                raise
            await asyncio.sleep(next(waits))
            continue
        if not noted:
            raise LeaseLostError(f"job {job.id} has another worker")
        return

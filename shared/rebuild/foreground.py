"""A rebuild in the process of who asks for it: its job is as any other, and followed on screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.jobs import changes, standing
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.jobs.running import run_job
from shared.jobs.standing import JobRow
from shared.jobs.states import JobState
from shared.messaging.publishing import publisher_for
from shared.rebuild import requests
from shared.rebuild.filling import RebuildError
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Progress
from shared.rebuild.running import Order, Projecting, Report, make_anew, swapped_at, told
from shared.settings import Settings

CANCELLED: Final = "Afgebroken; de tabellen zijn zoals ze waren."
TAKEN_OVER: Final = "Een worker heeft deze herbouw overgenomen."
GOES_ON: Final = "{why} Een worker probeert het opnieuw."


async def run_rebuild(
    spec: Projecting,
    settings: Settings,
    projection: Projection,
    *,
    actor: str,
    report: Report | None = None,
    interrupted: asyncio.Event | None = None,
) -> int:
    """Ask for a rebuild and do it here; gives how many events were read.

    Raises Conflict while another is open, RebuildError in words when it was not done.
    """
    async with _database(spec, settings) as database:
        async with database.work(actor, sight=Sight.ALL) as work:
            claimed, lease = await requests.take(work, projection)
        job = Job(claimed, lease, database, settings, None)

        async def run(job: Job) -> str:
            def tell(progress: Progress) -> None:
                job.at(progress.step)
                job.progress(progress.done, progress.total)
                if report is not None:
                    report(progress)

            order = Order(
                spec=spec,
                settings=settings,
                projection=projection,
                lease=job.lease,
                swapped=swapped_at(job.position),
                report=tell,
                stopped=job.cancelled,
            )
            return told(await make_anew(order))

        kind = JobKind(requests.KIND, projection.title, run)
        async with _cancelled_when(interrupted, job, actor):
            state = await run_job(spec.name, kind, job)
        async with database.read(Sight.ALL) as rows:
            return _read(await standing.one(rows, job.id), state)


def _read(row: JobRow, state: JobState | None) -> int:
    """How many events were read. Raises RebuildError."""
    if state == JobState.DONE:
        return row.done
    why = row.error or ""
    if state == JobState.RETRY:
        why = GOES_ON.format(why=why)
    raise RebuildError({JobState.CANCELLED: CANCELLED, None: TAKEN_OVER}.get(state, why))


@asynccontextmanager
async def _cancelled_when(
    interrupted: asyncio.Event | None, job: Job, actor: str
) -> AsyncIterator[None]:
    """Cancel the job as the screen does, once who asked for it has thought better of it."""
    if interrupted is None:
        yield
        return

    async def cancel(event: asyncio.Event) -> None:
        await event.wait()
        async with job.database.work(actor, sight=Sight.ALL) as work:
            await changes.cancel(work, job.id)
        await job.beat()

    cancelling = asyncio.create_task(cancel(interrupted))
    try:
        yield
    finally:
        cancelling.cancel()
        await asyncio.wait({cancelling})


@asynccontextmanager
async def _database(spec: Projecting, settings: Settings) -> AsyncIterator[Database]:
    """For the job alone: what it does has connections of its own."""
    database = await Database.open(
        settings.database_for(spec.name),
        publisher=publisher_for(spec, settings),
        application=f"vth-{spec.name}-rebuild",
        size=2,
    )
    try:
        yield database
    finally:
        await database.close()

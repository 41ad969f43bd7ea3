"""A rebuild from beginning to end, under the lease of its job: locked, reported, cleaned up."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

import asyncpg
import structlog

from shared.db.connections import is_connection_lost
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, NotFound
from shared.jobs import leases
from shared.jobs.errors import JobCancelledError, JobFailedError, LeaseLostError, RetryError
from shared.jobs.leases import Lease
from shared.messaging.connect import topics_of
from shared.messaging.offsets import Positions
from shared.messaging.operations import lag_of
from shared.messaging.publishing import Publishing, publisher_for
from shared.messaging.replay import open_replay
from shared.messaging.transport import TopicPartition, TransientTransportError
from shared.rebuild import shadow
from shared.rebuild.filling import RebuildError
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Live, Note, Progress, Rebuild
from shared.settings import Settings

log = structlog.get_logger(__name__)

# What the position of its job holds after the swap.
SWAPPED: Final = "swapped"
AWAY: Final = "De database was niet bereikbaar."
# Who runs a rebuild holds this lock of its session: of two processes one works.
LOCK: Final = "SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext('rebuild'))"
Report = Callable[[Progress], None]


class Projecting(Publishing, Protocol):
    """What is asked of a service whose projections are rebuilt."""

    @property
    def projections(self) -> tuple[Projection, ...]: ...


def projection_of(spec: Projecting, name: str | None) -> Projection:
    """The projection of that name; without a name the only one. Raises NotFound."""
    named = {projection.name: projection for projection in spec.projections}
    if name is None and len(named) == 1:
        return spec.projections[0]
    if name is None or name not in named:
        raise NotFound(f"{spec.name} heeft deze projecties: {', '.join(named) or 'geen'}.")
    return named[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A rebuild to be done under the lease of its job; `stopped` ends when it is to be broken off.

    `swapped` is how many events an earlier attempt read that got as far as the swap.
    """

    spec: Projecting
    settings: Settings
    projection: Projection
    lease: Lease
    swapped: int | None
    report: Report
    stopped: Callable[[], Awaitable[object]]


def told(done: int) -> str:
    """What its job tells when it is done."""
    return f"Opnieuw opgebouwd uit {done} gebeurtenissen."


def swapped_at(position: Mapping[str, Any] | None) -> int | None:
    """How many events were read until the swap, where its job got that far."""
    return None if position is None else position[SWAPPED]


async def make_anew(order: Order) -> int:
    """Rebuild and swap; gives how many events were read.

    Raises JobFailedError and RetryError in words, JobCancelledError, LeaseLostError.
    """
    name = order.projection.name
    log.info("rebuild started", projection=name, id=str(order.lease.job_id))
    try:
        async with _lock(order.spec, order.settings) as session, _calm():
            done = await _cleaned_up(order, session)
    except RebuildError as error:
        raise JobFailedError(str(error)) from error
    except (Conflict, TransientTransportError) as error:
        raise RetryError(str(error)) from error
    except Exception as error:
        if is_connection_lost(error):
            raise RetryError(AWAY) from error
        raise
    log.info("rebuild done", projection=name, events=done, id=str(order.lease.job_id))
    return done


async def _cleaned_up(order: Order, session: asyncpg.Connection) -> int:
    """Leave nothing behind; what cannot be removed now the next rebuild removes."""
    try:
        return await _run(order, session)
    except BaseException:
        try:
            await shadow.drop(session)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("not cleaned up", error=repr(error))
        raise


async def _run(order: Order, session: asyncpg.Connection) -> int:
    spec, settings, projection = order.spec, order.settings, order.projection
    topics = topics_of(projection.handlers)

    async def live() -> Positions:
        lines = await lag_of(settings, spec.name, topics)
        return {TopicPartition(line.topic, line.partition): line.position for line in lines}

    async with (
        _database(spec, settings, shadow.SEARCH_PATH) as filled,
        open_replay(settings, topics) as replay,
    ):
        made = Rebuild(
            projection, Live(spec.name, live), replay, session, filled, order.report, _note(order)
        )
        if (done := order.swapped) is None:
            done = await _unless_stopped(made, order.stopped)
        order.report(Progress("afronden", done, done))
        await made.finish()
        return done


def _note(order: Order) -> Note:
    """With the swap its job learns that it is done: who lost the job cannot swap."""

    async def note(work: UnitOfWork, done: int) -> None:
        progress = leases.Progress("wisselen", done, done)
        cancelled = await leases.keep(work, order.lease, progress, {SWAPPED: done})
        if cancelled is None:
            raise LeaseLostError(f"job {order.lease.job_id} has another worker")
        if cancelled:
            raise JobCancelledError

    return note


async def _unless_stopped(made: Rebuild, stopped: Callable[[], Awaitable[object]]) -> int:
    """Fill and swap. Raises JobCancelledError when it was broken off before the swap."""
    making = asyncio.create_task(made.run(), name="rebuild")
    told = asyncio.ensure_future(stopped())
    try:
        await asyncio.wait({making, told}, return_when=asyncio.FIRST_COMPLETED)
        while made.is_swapping and not making.done():
            await asyncio.wait({making}, timeout=0.1)
    finally:
        for task in (told, making):
            task.cancel()
        await asyncio.wait({told, making})
    if making.cancelled():
        raise JobCancelledError
    return making.result()


@asynccontextmanager
async def _calm() -> AsyncIterator[None]:
    """Have garbage collected less often: batches are thousands of objects without cycles."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@asynccontextmanager
async def _lock(spec: Projecting, settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A session that holds the lock of rebuilds. Raises Conflict while another has it."""
    session = await asyncpg.connect(
        settings.database_for(spec.name),
        server_settings={"application_name": f"vth-{spec.name}-rebuild"},
    )
    try:
        if not await session.fetchval(LOCK):
            raise Conflict("Er loopt al een herbouw in deze dienst.")
        yield session
    finally:
        await session.close()


@asynccontextmanager
async def _database(
    spec: Projecting, settings: Settings, options: str = ""
) -> AsyncIterator[Database]:
    url = settings.database_for(spec.name)
    if options:
        url += ("&" if "?" in url else "?") + options
    name = f"vth-{spec.name}-rebuild"
    publisher = publisher_for(spec, settings)
    database = await Database.open(url, publisher=publisher, application=name, size=3)
    try:
        yield database
    finally:
        await database.close()

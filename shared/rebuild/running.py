"""A rebuild from beginning to end, in a process of its own: locked, noted, reported."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.errors import Conflict, NotFound
from shared.messaging.connect import topics_of
from shared.messaging.offsets import Positions
from shared.messaging.operations import lag_of
from shared.messaging.publishing import Publishing, publisher_for
from shared.messaging.replay import open_replay
from shared.messaging.transport import TopicPartition, TransientTransportError
from shared.rebuild import shadow, store
from shared.rebuild.filling import RebuildError
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Live, Progress, Rebuild
from shared.settings import Settings

log = structlog.get_logger(__name__)

NOTE_EVERY: Final = 0.5
STOPPED: Final = "Gestopt. De tabellen zijn zoals ze waren; begin opnieuw."
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


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be rebuilt, for whom, and who hears how far it is."""

    spec: Projecting
    settings: Settings
    projection: Projection
    actor: str
    request: UUID | None
    report: Report | None


async def run_rebuild(
    spec: Projecting,
    settings: Settings,
    projection: Projection,
    *,
    actor: str,
    request: UUID | None = None,
    report: Report | None = None,
) -> int:
    """Rebuild and swap; gives how many events were read. `request` is what a screen asked for.

    Raises Conflict while another runs, RebuildError when it cannot be done.
    """
    order = _Order(spec, settings, projection, actor, request, report)
    async with _database(spec, settings) as database:
        try:
            async with _lock(spec, settings) as session, _calm():
                return await _noted(order, database, session)
        except Conflict as refused:
            if request is not None:
                async with database.work(sight=Sight.ALL) as work:
                    await store.fail(work, request, str(refused))
            raise


async def _noted(order: _Order, database: Database, session: asyncpg.Connection) -> int:
    """Run it with a note of its beginning and its end."""
    name = order.projection.name
    if (identity := order.request) is None:
        async with database.work(actor=order.actor, sight=Sight.ALL) as work:
            identity = await store.begin(work, name, actor=order.actor)
    log.info("rebuild started", projection=name, actor=order.actor, id=str(identity))
    try:
        done = await _run(order, _Note(database, identity), session)
    except BaseException as error:
        await _give_up(database, session, identity, error)
        raise
    log.info("rebuild done", projection=name, events=done, id=str(identity))
    return done


async def _run(order: _Order, note: "_Note", session: asyncpg.Connection) -> int:
    spec, settings, projection = order.spec, order.settings, order.projection
    topics = topics_of(projection.handlers)

    async def live() -> Positions:
        lines = await lag_of(settings, spec.name, topics)
        return {TopicPartition(line.topic, line.partition): line.position for line in lines}

    def tell(progress: Progress) -> None:
        note.newest = progress
        if order.report is not None:
            order.report(progress)

    async with (
        _database(spec, settings, shadow.SEARCH_PATH) as filled,
        open_replay(settings, topics) as replay,
        note.kept(),
    ):
        made = Rebuild(projection, Live(spec.name, live), replay, session, filled, tell)
        return await made.run(note.identity)


class _Note:
    """Keeps the record of a rebuild up to date, so that others see that it lives."""

    def __init__(self, database: Database, identity: UUID) -> None:
        self._database = database
        self.identity = identity
        self.newest = Progress("beginnen", 0, 0)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        writing = asyncio.create_task(self._write(), name="progress of a rebuild")
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing

    async def _write(self) -> None:
        while True:
            async with self._database.work(sight=Sight.ALL) as work:
                await store.seen(work, self.identity, *self.newest)
            await asyncio.sleep(NOTE_EVERY)


async def _give_up(
    database: Database, session: asyncpg.Connection, identity: UUID, error: BaseException
) -> None:
    """Note why, and remove what was made; what cannot be done now the next rebuild does."""
    why = f"Fout: {error!r}"
    if isinstance(error, RebuildError | Conflict | TransientTransportError):
        why = str(error)
    elif isinstance(error, asyncio.CancelledError):
        why = STOPPED
    log.warning("rebuild failed", id=str(identity), error=why)
    try:
        async with database.work(sight=Sight.ALL) as work:
            await store.fail(work, identity, why)
        await shadow.drop(session)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as again:
        log.warning("not cleaned up", id=str(identity), error=repr(again))


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
        if not await session.fetchval(store.LOCK):
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
    database = await Database.open(url, publisher=publisher, application=name, size=2)
    try:
        yield database
    finally:
        await database.close()

"""From the outbox to the transport, in order and at least once.

One relay per service is active, by an advisory lock on its session; the others stand by. It asks
for what is unpublished, never for what comes after a number: a late commit would be skipped.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final, TypeAlias

import asyncpg
import orjson
import structlog

from shared.db.connections import pauses
from shared.messaging import metrics
from shared.messaging.cloudevents import binary_headers
from shared.messaging.failures import ends_session
from shared.messaging.leader import ALIVE_EVERY, SESSION
from shared.messaging.notifier import OUTBOX_CHANNEL, Notifier
from shared.messaging.transport import Message, TransientTransportError, Transport
from shared.tracing import is_tracing, note_published

__all__ = ["Notifier", "Relay"]

log = structlog.get_logger(__name__)

STANDBY_EVERY: Final = 1.0
DRAIN_LIMIT: Final = 5.0
MEASURE_EVERY: Final = 5.0
PURGE_EVERY: Final = 600.0
PURGE_PAUSE: Final = 0.2
PURGE_CHUNK: Final = 5_000
BACKLOG_COUNTED: Final = 100_000

_LEAD = "SELECT pg_try_advisory_lock(hashtext('relay'), hashtext($1))"
_WAITING = """
SELECT seq, id::text, type, topic, key, headers::text, payload FROM outbox
WHERE published_at IS NULL AND seq <> ALL($2::bigint[]) ORDER BY seq LIMIT $1
"""
_MARK = "UPDATE outbox SET published_at = now() WHERE seq = ANY($1)"
_BACKLOG = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8
FROM (SELECT occurred_at FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT $1) AS waiting
"""
# The oldest are looked at, not the whole table: where those must stay, the later ones must too.
_PURGE = """
DELETE FROM outbox WHERE seq IN (
    SELECT seq FROM (SELECT seq, published_at FROM outbox ORDER BY seq LIMIT $2) AS oldest
    WHERE published_at < now() - $1::interval
)
"""

Rows: TypeAlias = Sequence[Any]


class Relay:
    """Publishes what one service wrote into its outbox."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        transport: Transport,
        service: str,
        *,
        batch_size: int = 1_000,
        poll_every: float = 0.2,
        keep: timedelta = timedelta(days=30),
    ) -> None:
        self._pool = pool
        self._transport = transport
        self._service = service
        self._batch_size = batch_size
        self._poll_every = poll_every
        self._keep = keep
        self._woken = asyncio.Event()
        self._measure_at = 0.0
        self._purge_at = 0.0
        self._refusals: Iterator[float] = pauses()
        self._sent: Rows = ()

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until told to stop; survives a database or transport that is gone for a while."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            await self._run(stop)
        finally:
            stopping.cancel()

    async def _run(self, stop: asyncio.Event) -> None:
        waits = pauses()
        while not stop.is_set():
            try:
                async with self._session() as session:
                    if await self._lead(session, stop):
                        await self._publish_all(session, stop)
            except Exception as error:
                if not ends_session(error):
                    raise
                log.warning("relay lost its database", service=self._service, error=str(error))
                await _pause(next(waits), stop)
            else:
                waits = pauses()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that ends with the block, and its locks with it."""
        session = await self._pool.acquire()
        try:
            await session.execute(SESSION)
            yield session
        finally:
            # What it measured is no longer so, and would keep an alarm going.
            for figure in (metrics.relay_leads, metrics.outbox_backlog, metrics.outbox_age):
                figure.labels(self._service).set(0)
            with suppress(Exception):
                await session.remove_listener(OUTBOX_CHANNEL, self._hear)
            with suppress(Exception):
                await session.close(timeout=2)
            await self._pool.release(session)

    async def _lead(self, session: asyncpg.Connection, stop: asyncio.Event) -> bool:
        """Wait until we are the one that publishes; False when told to stop before that."""
        while not stop.is_set():
            if await session.fetchval(_LEAD, self._service):
                await session.add_listener(OUTBOX_CHANNEL, self._hear)
                metrics.relay_leads.labels(self._service).set(1)
                log.info("relay leads", service=self._service)
                return True
            await _pause(STANDBY_EVERY, stop)
        return False

    async def _publish_all(self, session: asyncpg.Connection, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._woken.clear()
            await self._publish_waiting(session, stop)
            await self._look_after(session)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._poll_every)
        deadline = time.monotonic() + DRAIN_LIMIT
        while time.monotonic() < deadline and await self._publish_batch(session, stop):
            continue

    async def _publish_waiting(self, session: asyncpg.Connection, stop: asyncio.Event) -> None:
        """Publish until nothing waits, each batch when the one before has arrived.

        While one leaves, the database marks the one before and finds the one after.
        """
        await self._mark_sent(session)
        rows = await self._next(session)
        while rows and not stop.is_set():
            async with asyncio.TaskGroup() as group:
                arrived = group.create_task(self._publish(rows, stop))
                await self._mark_sent(session)
                after = await self._next(session, but=rows)
                await _show_alive(session, arrived)
            self._sent = rows if arrived.result() else ()
            rows = after if arrived.result() else await self._next(session)
            await self._look_after(session)
        await self._mark_sent(session)

    async def _publish_batch(self, session: asyncpg.Connection, stop: asyncio.Event) -> int:
        """Publish what waits, up to one batch, and mark it; 0 when nothing went out."""
        rows = await self._next(session)
        if not rows or not await self._publish(rows, stop):
            return 0
        self._sent = rows
        await self._mark_sent(session)
        return len(rows)

    async def _next(self, session: asyncpg.Connection, but: Rows = ()) -> Rows:
        found: Rows = await session.fetch(_WAITING, self._batch_size, [row["seq"] for row in but])
        return found

    async def _mark_sent(self, session: asyncpg.Connection) -> None:
        """Note what arrived; until that succeeds nothing more is sent, also by a later session."""
        if self._sent:
            await session.execute(_MARK, [row["seq"] for row in self._sent])
            self._sent = ()

    async def _publish(self, rows: Rows, stop: asyncio.Event) -> bool:
        """Whether the transport took them; after a refusal the next attempt has to wait."""
        began = time.time_ns()
        try:
            await _until_stopped(self._transport.publish(_messages(rows)), stop)
        except TransientTransportError as error:
            metrics.relay_failures.labels(self._service).inc()
            log.warning("events not published", service=self._service, error=str(error))
            await _pause(next(self._refusals), stop)
            return False
        metrics.relay_batch.labels(self._service).observe(len(rows))
        if is_tracing():
            note_published(
                ((kind, orjson.loads(headers)) for _, _, kind, _, _, headers, _ in rows), began
            )
        self._refusals = pauses()
        return True

    async def _look_after(self, session: asyncpg.Connection) -> None:
        """Measure the backlog and remove old rows, each when it is time."""
        now = time.monotonic()
        if now >= self._measure_at:
            self._measure_at = now + MEASURE_EVERY
            backlog, age = await session.fetchrow(_BACKLOG, BACKLOG_COUNTED)
            metrics.outbox_backlog.labels(self._service).set(backlog)
            metrics.outbox_age.labels(self._service).set(age)
        if now >= self._purge_at:
            purged = await self._purge(session)
            self._purge_at = now + (PURGE_PAUSE if purged == PURGE_CHUNK else PURGE_EVERY)

    async def _purge(self, session: asyncpg.Connection) -> int:
        tag = await session.execute(_PURGE, self._keep, PURGE_CHUNK)
        purged = int(tag.rpartition(" ")[2])
        metrics.relay_purged.labels(self._service).inc(purged)
        return purged

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    def _hear(self, *_: Any) -> None:
        self._woken.set()


def _messages(rows: Sequence[Any]) -> list[Message]:
    return [
        Message(topic, key, binary_headers(event_id, kind, key, orjson.loads(headers)), payload)
        for _, event_id, kind, topic, key, headers, payload in rows
    ]


async def _until_stopped(publishing: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Publish; once told to stop, only for a little while more. Raises TransientTransportError."""
    task = asyncio.create_task(publishing)
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({task}, timeout=DRAIN_LIMIT)
        if not task.done():
            raise TransientTransportError("not published before the stop")
        await task
    finally:
        for each in (task, told):
            each.cancel()
        await asyncio.wait({task, told})


async def _show_alive(session: asyncpg.Connection, busy: asyncio.Task[bool]) -> None:
    while not busy.done():
        await asyncio.wait({busy}, timeout=ALIVE_EVERY)
        if not busy.done():
            await session.execute("SELECT 1")


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)

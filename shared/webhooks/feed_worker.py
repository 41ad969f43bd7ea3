"""Keeps the feed of one service moving, in one process at a time; the others stand by."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Protocol

import asyncpg
import structlog

from shared.db.connections import pauses
from shared.messaging.failures import ends_session
from shared.messaging.leader import SESSION
from shared.messaging.notifier import OUTBOX_CHANNEL
from shared.webhooks import metrics
from shared.webhooks.visibility import Step, Visibility

log = structlog.get_logger(__name__)

STANDBY_EVERY: Final = 1.0
LOOK_EVERY: Final = 0.5
# While writers are not done: they are, most of the time, within a few milliseconds.
AGAIN_AFTER: Final = 0.005
AGAIN_AT_MOST: Final = 0.2
# Under load one step takes many events along, instead of a commit for each.
SPACING: Final = 0.02

# An end that a crash sets back is found again: its commits need not wait for the disk.
_UNHURRIED: Final = "SET synchronous_commit TO off"
_LEAD: Final = "SELECT pg_try_advisory_lock(hashtext('feed'), hashtext($1))"


class Follower(Protocol):
    """What happens with events once they can be read."""

    def lead(self, pid: int) -> None:
        """Lead, as long as the session with this process id lasts."""

    async def follow(self, decided: int) -> None:
        """Take up what can be read up to this place, without waiting for it to be done."""

    async def leave(self) -> None:
        """Finish what is in hand: another process takes over."""


class FeedWorker:
    """Moves the end of what is decided, and lets the follower know."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        service: str,
        follower: Follower,
        *,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._pool = pool
        self._service = service
        self._follower = follower
        self._look_every = look_every
        self._woken = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; survives a database that is gone for a while."""
        metrics.forget(self._service)
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
                        await self._keep(session, stop)
            except Exception as error:
                if not ends_session(error):
                    raise
                log.warning("feed lost its database", service=self._service, error=str(error))
                await _pause(next(waits), stop)
            else:
                waits = pauses()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that ends with the block, and its lock with it."""
        session = await self._pool.acquire()
        try:
            await session.execute(SESSION)
            yield session
        finally:
            await self._follower.leave()
            metrics.forget(self._service)
            with suppress(Exception):
                await session.remove_listener(OUTBOX_CHANNEL, self._hear)
            with suppress(Exception):
                await session.close(timeout=2)
            await self._pool.release(session)

    async def _lead(self, session: asyncpg.Connection, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if await session.fetchval(_LEAD, self._service):
                self._follower.lead(session.get_server_pid())
                await session.execute(_UNHURRIED)
                await session.add_listener(OUTBOX_CHANNEL, self._hear)
                metrics.feed_leads.labels(self._service).set(1)
                return True
            await _pause(STANDBY_EVERY, stop)
        return False

    async def _keep(self, session: asyncpg.Connection, stop: asyncio.Event) -> None:
        visibility = Visibility()
        waits = pauses(AGAIN_AFTER, AGAIN_AT_MOST)
        while not stop.is_set():
            self._woken.clear()
            step = await visibility.step(session)
            metrics.feed_waiting.labels(self._service).set(visibility.waiting)
            if step is Step.WAITING:
                await _pause(next(waits), stop)
                continue
            waits = pauses(AGAIN_AFTER, AGAIN_AT_MOST)
            await self._follower.follow(visibility.decided)
            if step is Step.MOVED:
                await _pause(SPACING, stop)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._look_every)

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    def _hear(self, *_: Any) -> None:
        self._woken.set()


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)

"""Wakes the relay after a commit, from the process that wrote the event."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import asyncpg
import structlog

from shared.messaging.failures import ends_session

log = structlog.get_logger(__name__)

OUTBOX_CHANNEL: Final = "vth_outbox"
# Notifications take a lock of the whole server at commit: at most one per this many seconds.
SPACING: Final = 0.002


class Notifier:
    """Turns any number of requests into few notifications, outside the writing transactions."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def notify_soon(self) -> None:
        """Say that an event was committed; returns at once."""
        self._asked.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="notifier")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            await self._notify()
            await asyncio.sleep(SPACING)

    async def _notify(self) -> None:
        try:
            await self._pool.execute(f"NOTIFY {OUTBOX_CHANNEL}")
        except Exception as error:
            if not ends_session(error):
                raise
            # The relay looks by itself a moment later.
            log.warning("relay not woken", error=str(error))

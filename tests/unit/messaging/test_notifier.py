"""Who wakes the relay goes on after a notification that did not come through."""

import asyncio
from typing import Any

import asyncpg
import pytest

from shared.messaging.notifier import Notifier


class _Pool:
    """Fails the first time, in this way."""

    def __init__(self, error: Exception) -> None:
        self._errors = [error]
        self.notified = asyncio.Event()

    async def execute(self, _: str) -> None:
        if self._errors:
            raise self._errors.pop()
        self.notified.set()


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        # Notifications take a lock of the whole server, which others may keep for long.
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.exceptions.TransactionTimeoutError("took too long"),
        asyncpg.DiskFullError("no space"),
    ],
)
async def test_it_goes_on_when_the_database_could_not(error: Exception) -> None:
    pool: Any = _Pool(error)
    async with Notifier(pool) as notifier:
        notifier.notify_soon()
        await asyncio.sleep(0.01)
        notifier.notify_soon()
        async with asyncio.timeout(1):
            await pool.notified.wait()

"""The unit of work when it is broken off."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text

from shared.auth.sight import Sight
from shared.clock import SystemClock
from shared.db.outbox import Publisher
from shared.db.sessions import LOCK_SECONDS
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.tables import messaging_tables


class _Transaction:
    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection

    async def start(self) -> None:
        self._connection.beginning.set()
        await asyncio.Event().wait()

    async def rollback(self) -> None:
        raise AssertionError("there is nothing to roll back")


class _Connection:
    def __init__(self) -> None:
        self.beginning = asyncio.Event()
        self.terminated = False

    async def see(self, login: str | None, sight: Sight) -> None:
        assert (login, sight) == (None, Sight.ALL)

    async def wait_for_locks(self, seconds: float) -> None:
        assert seconds == LOCK_SECONDS

    def transaction(self) -> _Transaction:
        return _Transaction(self)

    def terminate(self) -> None:
        self.terminated = True

    def is_closed(self) -> bool:
        return self.terminated


class _Pool:
    def __init__(self) -> None:
        self.connection = _Connection()
        self.released = False

    async def acquire(self) -> _Connection:
        return self.connection

    async def release(self, _: _Connection) -> None:
        self.released = True


async def test_cancelled_while_it_begins_it_gives_back_no_half_open_connection() -> None:
    pool: Any = _Pool()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")

    options: Any = {"actor": "test", "sight": Sight.ALL, "clock": SystemClock()}

    async def read() -> None:
        async with UnitOfWork(pool, publisher, **options) as work:
            await work.all(select(text("1")))

    reading = asyncio.create_task(read())
    await pool.connection.beginning.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert pool.connection.terminated
    assert pool.released

"""A worker that hangs in the middle of a transaction, or whose machine is gone without a word."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Uuid, bindparam, text

from shared.auth.sight import Sight
from shared.db import database as db
from shared.db.connections import is_connection_lost, took_too_long
from shared.db.database import Database
from shared.db.outbox import Publisher
from tests.integration.messaging.conftest import _service_tables

_CLAIM = text("INSERT INTO inbox (consumer, event_id) VALUES ('proef', :id)").bindparams(
    bindparam("id", type_=Uuid)
)


@pytest.mark.parametrize(
    ("limit", "half_way"),
    # The driver prepares a statement in two steps; between them a session is not idle.
    [("HUNG_AFTER", False), ("LONGEST", True)],
)
async def test_it_lets_go_of_what_it_holds(
    service_template: str, monkeypatch: pytest.MonkeyPatch, limit: str, half_way: bool
) -> None:
    monkeypatch.setattr(db, limit, "300ms")
    async with _opened(service_template) as database:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which one, the last line says
            await _hang(database, half_way=half_way)
    assert is_connection_lost(caught.value), repr(caught.value)


async def test_what_takes_its_time_is_not_ended(
    service_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LONGEST", "300ms")
    async with _opened(service_template) as database:
        async with database.work("test", sight=Sight.ALL) as work:
            await work.take_time()
            await work.execute(text("SELECT pg_sleep(0.6)"))
        # The next one has the limit again.
        with pytest.raises(asyncpg.PostgresError) as caught:
            async with database.work("test", sight=Sight.ALL) as work:
                await work.execute(text("SELECT pg_sleep(0.6)"))
    assert took_too_long(caught.value)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    publisher = Publisher(_service_tables()[1], source="urn:test")
    database = await Database.open(url, publisher=publisher, size=3)
    try:
        yield database
    finally:
        await database.close()


async def _hang(database: Database, *, half_way: bool = False) -> None:
    """Hold a row until another needs it, and then go on."""
    event = uuid4()
    async with database.work("test", sight=Sight.ALL) as hung:
        await hung.execute(_CLAIM, id=event)
        if half_way:
            await (await hung._begin()).prepare("SELECT 1")
        # Without an end this waits until its lock time is over, and the event would be parked.
        async with database.work("test", sight=Sight.ALL) as other:
            await other.execute(_CLAIM, id=event)
        await hung.execute(_CLAIM, id=uuid4())

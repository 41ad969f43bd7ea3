"""What the outbox itself promises: nothing too large, no notification, chunks when purged."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.db.database import Database
from shared.messaging import relay
from shared.messaging.notifier import OUTBOX_CHANNEL
from shared.messaging.relay import Relay
from shared.messaging.tables import BUSY
from tests.integration.messaging.events import noted
from tests.integration.messaging.test_relay import Recorder, publish, running
from tests.support.waiting import until

INSERT = """
INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, key, payload)
VALUES ($1, 'proeven', '1', 'x', 'vth.proef.v1', 'k', $2)
"""


async def test_what_a_broker_would_refuse_is_refused_where_it_is_written(service: Database) -> None:
    """A record that is too large is refused for ever, and all behind it would wait."""
    await service.pool.execute(INSERT, uuid4(), b"x" * 900_000)
    with pytest.raises(asyncpg.CheckViolationError, match="outbox_payload_size"):
        await service.pool.execute(INSERT, uuid4(), b"x" * 900_001)


async def test_the_transaction_that_writes_an_event_notifies_nobody(service: Database) -> None:
    """A pending notification takes a lock of the whole server at commit."""
    heard: list[str] = []
    connection: asyncpg.Connection
    async with service.pool.acquire() as connection:
        listener = lambda *args: heard.append(args[3])  # noqa: E731
        await connection.add_listener(OUTBOX_CHANNEL, listener)
        await publish(service, noted(1))
        await service.pool.execute("SELECT pg_notify($1, 'laatste')", OUTBOX_CHANNEL)
        await until(lambda: heard != [])
        await connection.remove_listener(OUTBOX_CHANNEL, listener)
    assert heard == ["laatste"]


async def test_old_rows_go_in_chunks(service: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PURGE_CHUNK", 4)
    monkeypatch.setattr(relay, "PURGE_PAUSE", 0.0)
    await publish(service, *(noted(number) for number in range(10)))
    await service.pool.execute("UPDATE outbox SET published_at = now() - interval '2 days'")
    purged: list[int] = []
    purge = Relay._purge

    async def counted(self: Relay, session: asyncpg.Connection) -> int:
        purged.append(await purge(self, session))
        return purged[-1]

    monkeypatch.setattr(Relay, "_purge", counted)
    async with running(service, Recorder(), poll_every=0.01, keep=timedelta(days=1)):
        await until(lambda: sum(purged) == 10)
        await asyncio.sleep(0.1)
    assert purged == [4, 4, 2]


async def test_the_outbox_is_vacuumed_long_before_a_fifth_of_it_is_dead(service: Database) -> None:
    found = await service.pool.fetchval(
        "SELECT reloptions FROM pg_class WHERE oid = 'outbox'::regclass"
    )
    assert {f"{name}={value}" for name, value in BUSY.items()} <= set(found)

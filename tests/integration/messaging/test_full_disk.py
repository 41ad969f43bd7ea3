"""A database that is full: relay and consumer wait, lose nothing and park nothing."""

import asyncpg
import pytest

from shared.db.connections import pauses
from shared.db.database import Database
from shared.messaging import relay
from shared.messaging.relay import Relay
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import noted
from tests.integration.messaging.test_consumer import Bench, consuming
from tests.integration.messaging.test_relay import (
    Recorder,
    all_published,
    publish,
    running,
    unpublished,
)
from tests.support.waiting import until

FULL = """
CREATE OR REPLACE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE OR REPLACE TRIGGER full_disk BEFORE {act} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full()
"""


async def test_a_relay_that_cannot_note_what_it_sent_sends_nothing_again(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a disk that is full for hours would fill the log with the same batch, over and over."""
    begun: list[None] = []
    mark = Relay._mark_sent

    async def counted(self: Relay, session: asyncpg.Connection) -> None:
        begun.append(None)
        await mark(self, session)

    monkeypatch.setattr(Relay, "_mark_sent", counted)
    monkeypatch.setattr(relay, "pauses", lambda: pauses(0.01, 0.05))
    await publish(service, noted(1))
    await service.pool.execute(FULL.format(act="UPDATE", table="outbox"))
    transport = Recorder()
    try:
        async with running(service, transport):
            await until(lambda: transport.numbers == [1])
            await publish(service, noted(2))
            reached = len(begun)
            await until(lambda: len(begun) >= reached + 5)
            assert await unpublished(service) == 2
            await service.pool.execute("DROP TRIGGER full_disk ON outbox")
            await until(lambda: all_published(service))
    finally:
        await service.pool.execute("DROP TRIGGER IF EXISTS full_disk ON outbox")
    assert transport.numbers.count(1) == 1
    assert transport.numbers[-1] == 2


async def test_a_consumer_waits_and_has_its_effect_once(
    service: Database, postgres_log: Log
) -> None:
    bench = Bench(service, postgres_log)
    await bench.send(noted(1), noted(2))
    await service.pool.execute(FULL.format(act="INSERT", table="effect"))
    try:
        async with consuming(bench.consumer()):
            await until(lambda: len(bench.effects.calls) > 8)
            assert await bench.open() == []
            await service.pool.execute("DROP TRIGGER full_disk ON effect")
            await until(lambda: has_both(bench))
    finally:
        await service.pool.execute("DROP TRIGGER IF EXISTS full_disk ON effect")
    assert await bench.open() == []


async def has_both(bench: Bench) -> bool:
    return sorted(await bench.numbers()) == [1, 2]

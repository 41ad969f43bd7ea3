"""Two transactions in each other's way: no event is to blame, and none is parked."""

import asyncpg
import pytest

from shared.db import database as db
from shared.db.database import Database
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import noted
from tests.integration.messaging.test_consumer import Bench


@pytest.fixture
def bench(service: Database, postgres_log: Log) -> Bench:
    return Bench(service, postgres_log)


async def test_after_a_collision_the_batch_is_tried_again_as_it_was(bench: Bench) -> None:
    bench.effects.failures["7"] = [asyncpg.DeadlockDetectedError("in de weg")]
    await bench.send(*(noted(number) for number in range(40)))
    await bench.consume()
    assert sorted(await bench.numbers()) == list(range(40))
    assert [len(call) for call in bench.effects.calls] == [40, 40]
    assert await bench.open() == []


async def test_a_batch_that_keeps_colliding_is_halved_until_it_fits(bench: Bench) -> None:
    bench.effects.failures["7"] = [asyncpg.LockNotAvailableError("in de weg") for _ in range(4)]
    await bench.send(*(noted(number) for number in range(40)))
    await bench.consume()
    assert sorted(await bench.numbers()) == list(range(40))
    assert len(bench.effects.calls[0]) > len(bench.effects.calls[-1])
    assert await bench.open() == []


SLOW = """
CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(0.02);
    RETURN NEW;
END $$;
CREATE TRIGGER slow_disk BEFORE INSERT ON effect FOR EACH ROW EXECUTE FUNCTION slow_disk()
"""


async def test_a_batch_that_takes_too_long_is_halved_until_it_fits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.send(*(noted(number) for number in range(40)))
    monkeypatch.setattr(db, "LONGEST", "600ms")
    await bench.service.pool.expire_connections()
    await bench.service.pool.execute(SLOW)
    try:
        await bench.consume()
    finally:
        await bench.service.pool.execute("DROP FUNCTION slow_disk CASCADE")
    assert sorted(await bench.numbers()) == list(range(40))
    assert len(bench.effects.calls[0]) > len(bench.effects.calls[-1])
    assert await bench.open() == []

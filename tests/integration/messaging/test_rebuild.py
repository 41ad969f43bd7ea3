"""A projection made anew while its consumer works on: on both logs, row for row the same."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Table

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed
from shared.messaging.handlers import Delivery
from shared.messaging.offsets import Positions
from shared.messaging.parking import discard, retry
from shared.rebuild import shadow
from shared.rebuild.filling import NotPureError, RebuildError
from shared.rebuild.rebuild import Progress
from tests.integration.messaging.conftest import Log, PostgresLogUnderTest
from tests.integration.messaging.events import Noted, amended, noted
from tests.integration.messaging.rebuilding import ROWS, Meddling, Rebuilding
from tests.integration.messaging.test_consumer import NAME
from tests.support.waiting import until


@pytest.fixture
def shadowed(service_template: str) -> str:
    """Where the small service sees its new tables first."""
    return f"{service_template}?{shadow.SEARCH_PATH}"


@pytest.fixture
def both(service: Database, log: Log, effect_table: Table, shadowed: str) -> Rebuilding:
    """On either log."""
    return Rebuilding(service, log, effect_table, shadowed)


@pytest.fixture
def bench(service: Database, postgres_log: Log, effect_table: Table, shadowed: str) -> Rebuilding:
    return Rebuilding(service, postgres_log, effect_table, shadowed)


async def test_the_new_tables_are_row_for_row_the_old_ones(both: Rebuilding) -> None:
    keys = [uuid4() for _ in range(7)]
    await both.send(*(noted(number, keys[number % 7]) for number in range(300)))
    await both.consume()
    before = await both.rows()
    assert len(before) == 300
    assert await both.rebuild() == 300
    assert await both.rows() == before
    assert both.noted == [300]
    assert {step.step for step in both.heard} >= {"gebeurtenissen inlezen", "wisselen"}


async def test_a_damaged_projection_is_repaired(both: Rebuilding) -> None:
    keys = [uuid4() for _ in range(3)]
    await both.send(*(noted(number, keys[number % 3]) for number in range(60)))
    await both.consume()
    before = await both.rows()
    await both.service.pool.execute("DELETE FROM effect WHERE number::int % 2 = 0")
    await both.service.pool.execute("UPDATE effect SET number = '0'")
    await both.rebuild()
    assert await both.rows() == before


async def test_under_load_nothing_is_lost_doubled_or_seen_half(bench: Rebuilding) -> None:
    keys = [uuid4() for _ in range(11)]
    await bench.send(*(noted(number, keys[number % 11]) for number in range(2_000)))
    await bench.consume()
    stop, counts, sent = asyncio.Event(), [2_000], 2_000

    async def load() -> None:
        nonlocal sent
        while not stop.is_set():
            await bench.send(*(noted(sent + n, keys[(sent + n) % 11]) for n in range(40)))
            sent += 40
            await asyncio.sleep(0)

    async def look() -> None:
        async with bench.service.pool.acquire() as reader:
            while not stop.is_set():
                counts.append(await reader.fetchval("SELECT count(*) FROM effect"))
                assert counts[-1] >= counts[-2]
                await asyncio.sleep(0.001)

    consumer = bench.consumer()
    async with asyncio.TaskGroup() as group:
        for work in (consumer.run(stop), load(), look()):
            group.create_task(work)
        for _ in range(3):
            await bench.rebuild()
        stop.set()
    await bench.consume()
    rows = await bench.rows()
    assert sorted(int(row[2]) for row in rows) == list(range(sent))
    assert sent > 2_100
    for key in keys:
        numbers = [int(row[2]) for row in rows if row[1] == str(key)]
        assert numbers == sorted(numbers)


async def test_what_the_consumer_has_not_handled_is_left_to_it(both: Rebuilding) -> None:
    keys = [uuid4() for _ in range(3)]
    await both.send(*(noted(number, keys[number % 3]) for number in range(30)))
    await both.consume()
    await both.send(*(noted(number, keys[number % 3]) for number in range(30, 60)))
    await both.rebuild()
    assert len(await both.rows()) == 30
    await both.consume()
    assert sorted(await both.numbers()) == list(range(60))


async def test_what_was_handled_but_not_committed_is_taken_along(bench: Rebuilding) -> None:
    key = uuid4()
    await bench.send(*(noted(number, key) for number in range(20)))
    consumer = bench.consumer()
    batch = await bench.member.poll(0.5, 12)
    bench.member.commit = _nothing  # type: ignore[method-assign,assignment]
    await consumer.handle(batch)
    assert await bench.numbers() == list(range(12))
    await bench.rebuild()
    assert await bench.numbers() == list(range(12))
    await bench.consume(consumer)
    assert await bench.numbers() == list(range(20))


async def _nothing(_: object) -> None:
    """As with brokers that are away."""


async def test_what_is_handled_during_the_swap_is_in_the_new_table(bench: Rebuilding) -> None:
    await bench.send(*(noted(number, uuid4()) for number in range(10)))
    await bench.consume()
    await bench.send(noted(10, uuid4()))
    log = Meddling(bench.replay(), bench.consume)
    bench.replay = lambda: log  # type: ignore[method-assign]
    await bench.rebuild()
    assert log.begun is not None
    await asyncio.wait_for(log.begun, 10)
    assert sorted(await bench.numbers()) == list(range(11))


async def test_parked_events_wait_for_a_person_as_before(bench: Rebuilding) -> None:
    one, two, three = (uuid4() for _ in range(3))
    bench.effects.refused = {str(number): NotAllowed("nee", article="x") for number in (1, 4)}
    await bench.send(noted(1, one), noted(2, one), noted(3, two), noted(4, three), noted(5, three))
    await bench.consume()
    assert await bench.numbers() == [3]
    bench.effects.refused.clear()
    discarded = await bench.service.pool.fetchval(
        "SELECT event_id FROM parked_event WHERE key = $1 ORDER BY seq LIMIT 1", str(three)
    )
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await discard(work, NAME, discarded, reason="dubbel", actor="test")
    await bench.rebuild()
    assert await bench.numbers() == [3]
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await retry(work, NAME, bench.log.topic, str(one), actor="test")
    await bench.consumer()._parked_retries.run()
    assert sorted(await bench.numbers()) == [1, 2, 3, 5]
    before = await bench.rows()
    await bench.rebuild()
    assert await bench.rows() == before


async def test_what_is_retried_meanwhile_is_taken_along_in_order(bench: Rebuilding) -> None:
    one = uuid4()
    bench.effects.refused = {"1": NotAllowed("nee", article="x")}
    await bench.send(noted(1, one), noted(2, one), noted(3, uuid4()))
    await bench.consume()
    bench.effects.refused.clear()
    retried = False

    def when_read(progress: Progress) -> None:
        nonlocal retried
        bench.heard.append(progress)
        retried = retried or progress.step == "indexen maken"

    bench.during = when_read
    original = bench.positions

    async def after_a_retry() -> Positions:
        if retried and await bench.numbers() == [3]:
            async with bench.service.work("test", sight=Sight.ALL) as work:
                await retry(work, NAME, bench.log.topic, str(one), actor="test")
            await bench.consumer()._parked_retries.run()
        return await original()

    bench.positions = after_a_retry  # type: ignore[method-assign]
    await bench.rebuild()
    rows = await bench.rows()
    assert [row[2] for row in rows if row[1] == str(one)] == ["1", "2"]
    assert len(rows) == 3


async def test_an_event_that_came_twice_counts_once(bench: Rebuilding) -> None:
    await bench.send(*(noted(number, uuid4()) for number in range(20)))
    await bench.consume()
    await bench.service.pool.execute("UPDATE outbox SET published_at = NULL")
    await bench.send()
    await bench.consume()
    before = await bench.rows()
    assert await bench.rebuild() == 40
    assert await bench.rows() == before


async def test_handlers_that_do_more_are_stopped_before_they_did(bench: Rebuilding) -> None:
    await bench.send(*(noted(number, uuid4()) for number in range(10)))
    await bench.consume()
    before, outbox = await bench.rows(), await _count(bench, "outbox")

    async def publishing(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        await bench.effects.handle(deliveries, work)
        work.publish(amended(1, uuid4()))

    with pytest.raises(NotPureError, match="outbox"):
        await bench.rebuild({Noted: publishing})
    assert await bench.rows() == before
    assert await _count(bench, "outbox") == outbox
    await bench.rebuild()
    assert await bench.rows() == before


async def test_an_event_that_fails_is_named_and_nothing_changes(bench: Rebuilding) -> None:
    await bench.send(*(noted(number, uuid4()) for number in range(10)))
    await bench.consume()
    before = await bench.rows()
    bench.effects.refused = {"6": ValueError("geen zes")}
    with pytest.raises(RebuildError, match=r"proef-genoteerd.*geen zes") as caught:
        await bench.rebuild()
    (sixth,) = [row[0] for row in before if row[2] == "6"]
    assert str(sixth) in str(caught.value)
    assert await bench.rows() == before


async def test_a_full_disk_is_told_and_no_event_is_blamed(bench: Rebuilding) -> None:
    await bench.send(noted(1), noted(2))
    await bench.consume()
    bench.effects.refused = {"1": asyncpg.DiskFullError("vol")}
    with pytest.raises(RebuildError, match="schijf van de database is vol"):
        await bench.rebuild()


async def test_a_log_without_its_beginning_is_refused(both: Rebuilding) -> None:
    await both.send(*(noted(number, uuid4()) for number in range(30)))
    await both.consume()
    before = await both.rows()
    await both.shorten()
    with pytest.raises(RebuildError, match=rf"niet meer bij het begin .{both.log.topic}/"):
        await both.rebuild()
    assert await both.rows() == before


async def test_a_consumer_that_lost_its_place_catches_up_first(
    bench: Rebuilding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.rebuild.rebuild.TAIL", 50)
    await bench.send(*(noted(number, uuid4()) for number in range(100)))
    await bench.consume()
    assert isinstance(bench.log, PostgresLogUnderTest)
    await bench.log._pool.execute("DELETE FROM event_position WHERE group_name = $1", bench.group)
    with pytest.raises(RebuildError, match="ver achter"):
        await bench.rebuild()
    assert len(await bench.rows()) == 100


async def test_a_reader_that_stays_long_delays_the_swap_and_nobody_else(
    bench: Rebuilding,
) -> None:
    await bench.send(*(noted(number, uuid4()) for number in range(10)))
    await bench.consume()
    async with bench.service.pool.acquire() as reader:
        transaction = reader.transaction()
        await transaction.start()
        await reader.fetch(ROWS)
        rebuilding = asyncio.create_task(bench.rebuild())
        await until(lambda: sum(step.step == "wisselen" for step in bench.heard) >= 3)
        await bench.send(noted(10, uuid4()))
        await bench.consume()
        async with asyncio.timeout(5):
            assert len(await bench.rows()) == 11
        await transaction.rollback()
    await rebuilding
    assert sorted(await bench.numbers()) == list(range(11))


async def test_a_reader_that_stays_for_ever_ends_the_rebuild_and_nothing_else(
    bench: Rebuilding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.rebuild.rebuild.SWAP_LIMIT", 0.2)
    await bench.send(*(noted(number, uuid4()) for number in range(10)))
    await bench.consume()
    async with bench.service.pool.acquire() as reader, reader.transaction():
        await reader.fetch(ROWS)
        with pytest.raises(RebuildError, match="te lang in gebruik"):
            await bench.rebuild()
    assert sorted(await bench.numbers()) == list(range(10))


async def test_what_an_operator_added_to_a_table_is_kept(bench: Rebuilding) -> None:
    pool = bench.service.pool
    await pool.execute("CREATE INDEX effect_number ON effect (upper(number)) WHERE number <> ''")
    await pool.execute("ALTER TABLE effect ADD CONSTRAINT effect_once UNIQUE (event)")
    await pool.execute("GRANT SELECT ON effect TO PUBLIC")
    before = await _described(pool)
    try:
        await bench.send(*(noted(number, uuid4()) for number in range(10)))
        await bench.consume()
        await bench.rebuild()
        assert await _described(pool) == before
        await bench.rebuild()
    finally:
        await pool.execute("ALTER TABLE effect DROP CONSTRAINT effect_once")
        await pool.execute("DROP INDEX effect_number")


INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'effect'"
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'public.effect'::regclass
"""
COLUMNS = """
SELECT column_name, data_type, is_nullable, is_identity FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'effect'
"""
GRANTS = """
SELECT grantee, privilege_type FROM information_schema.role_table_grants
WHERE table_name = 'effect' AND grantee = 'PUBLIC'
"""


async def _described(pool: asyncpg.Pool) -> list[Any]:
    queries = (INDEXES, CONSTRAINTS, COLUMNS, GRANTS)
    return [sorted(map(tuple, await pool.fetch(query))) for query in queries]


async def _count(bench: Rebuilding, table: str) -> int:
    count: int = await bench.service.pool.fetchval(f"SELECT count(*) FROM {table}")
    return count

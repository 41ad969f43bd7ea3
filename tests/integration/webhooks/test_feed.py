"""The feed: it never skips a late commit, keeps its order, and says what is gone."""

import asyncio
import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.errors import Gone
from shared.messaging.cloudevents import from_structured
from shared.messaging.notices import About, tell_parked
from shared.messaging.relay import Relay
from shared.messaging.transport import Message
from shared.webhooks import feed
from shared.webhooks.feed import FeedPage, Wanted
from shared.webhooks.visibility import Step, Visibility
from tests.integration.webhooks.conftest import publish, score, settled


async def read(database: Database, after: int | None = None, most: int = 100) -> FeedPage:
    async with database.read(Sight.ALL) as rows:
        return await feed.page(rows, Wanted(Sight.ALL), after=after, most=most)


def subjects(page: FeedPage) -> list[UUID]:
    return [UUID(from_structured(event.document).subject) for event in page.events]


async def test_a_late_commit_is_not_skipped(risk: Database, session: asyncpg.Connection) -> None:
    """The slow one took its number first and commits last."""
    visibility = Visibility()
    slow, fast = uuid4(), uuid4()
    async with risk.work("test", sight=Sight.ALL) as late:
        late.publish(score(slow))
        await late.flush()
        async with risk.work("test", sight=Sight.ALL) as early:
            early.publish(score(fast))
        assert await visibility.step(session) is Step.WAITING
        assert await visibility.step(session) is Step.WAITING
        before = await read(risk)
        assert before.events == []
    assert await visibility.step(session) is Step.MOVED
    assert subjects(await read(risk, before.cursor)) == [slow, fast]


async def test_what_was_decided_before_a_long_transaction_can_be_read(
    risk: Database, session: asyncpg.Connection
) -> None:
    first = await publish(risk)
    async with risk.work("test", sight=Sight.ALL) as late:
        late.publish(score(uuid4()))
        await settled_or_waiting(session)
        assert subjects(await read(risk)) == first


async def settled_or_waiting(session: asyncpg.Connection) -> None:
    visibility = Visibility()
    while await visibility.step(session) is Step.MOVED:
        continue


async def test_a_transaction_that_does_not_write_events_holds_nobody_up(
    risk: Database, session: asyncpg.Connection
) -> None:
    async with risk.pool.acquire() as other, other.transaction():
        await other.execute("SET LOCAL ROLE vth_risk_owner")
        await other.execute("CREATE TABLE something AS SELECT pg_current_xact_id() AS id")
        made = await publish(risk)
        await settled(session)
        assert subjects(await read(risk)) == made
        await other.execute("DROP TABLE something")


async def test_what_is_rolled_back_holds_nobody_up(
    risk: Database, session: asyncpg.Connection
) -> None:
    async with risk.work("test", sight=Sight.ALL) as work:
        work.publish(score(uuid4()))
        await work.flush()
        await work.close()
        assert await risk.pool.fetchval("SELECT count(*) FROM outbox") == 0
    made = await publish(risk)
    await settled(session)
    assert subjects(await read(risk)) == made


async def test_writers_at_random_moments_and_a_reader_that_never_misses(
    risk: Database, session: asyncpg.Connection
) -> None:
    """Twenty writers hold their transactions open for random times while one reads along."""
    chance = random.Random(20261125)
    pauses = [[chance.uniform(0, 0.02) for _ in range(15)] for _ in range(20)]
    written: list[UUID] = []

    async def write(waits: list[float]) -> None:
        for wait in waits:
            location = uuid4()
            async with risk.work("test", sight=Sight.ALL) as work:
                work.publish(score(location))
                await work.flush()
                await asyncio.sleep(wait)
            written.append(location)

    seen: list[Any] = []
    visibility, cursor = Visibility(), 0
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        writers = [group.create_task(write(waits)) for waits in pauses]
        while not all(writer.done() for writer in writers) or len(seen) < len(written):
            await visibility.step(session)
            page = await read(risk, cursor, most=7)
            seen += subjects(page)
            cursor = page.cursor
            await asyncio.sleep(0)
    assert len(seen) == 300
    assert sorted(seen) == sorted(written)


async def test_events_are_cloudevents_in_json(risk: Database, session: asyncpg.Connection) -> None:
    (location,) = await publish(risk, participant="gm0153")
    await settled(session)
    document = orjson.loads((await read(risk)).events[0].document)
    assert document["specversion"] == "1.0"
    assert document["type"] == "nl.vth.risicoscores.risicoscore-berekend"
    assert document["source"].startswith("urn:nld:oin:")
    assert document["subject"] == str(location)
    assert document["deelnemer"] == "gm0153"
    assert document["data"]["locatieId"] == str(location)


async def test_filters_by_type_and_participant(risk: Database, session: asyncpg.Connection) -> None:
    ours = await publish(risk, 2, participant="gm0153")
    await publish(risk, 2, participant="gm0164")
    await publish(risk)
    await settled(session)
    async with risk.read(Sight.ALL) as rows:
        found = await feed.page(rows, Wanted(Sight.of(["gm0153"])), after=0, most=10)
        none = await feed.page(rows, Wanted(Sight.ALL, ["nl.vth.x.y"]), after=0, most=10)
    assert subjects(found) == ours
    assert (none.events, none.cursor, none.more) == ([], 5, False)


async def test_pages_follow_each_other(risk: Database, session: asyncpg.Connection) -> None:
    made = await publish(risk, 7)
    await settled(session)
    first = await read(risk, most=3)
    second = await read(risk, first.cursor, most=3)
    third = await read(risk, second.cursor, most=3)
    assert [page.more for page in (first, second, third)] == [True, True, False]
    assert subjects(first) + subjects(second) + subjects(third) == made


async def test_notices_about_parked_events_are_not_for_subscribers(
    risk: Database, session: asyncpg.Connection
) -> None:
    made = await publish(risk, 1)
    async with risk.work("test", sight=Sight.ALL) as work:
        tell_parked(work, About("risk", uuid4(), "x", "vth.intake.v1", "k"), "NotFound", 6)
    made += await publish(risk, 1)
    await settled(session)
    assert subjects(await read(risk)) == made


class Taken:
    """A transport that takes everything."""

    async def publish(self, messages: list[Message]) -> None:
        return None


async def _purge(database: Database) -> None:
    """Publish and purge all there is, as the relay does."""
    relay = Relay(database.pool, Taken(), "risk", keep=timedelta(0))  # type: ignore[arg-type]
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    async with asyncio.timeout(10):
        while await database.pool.fetchval("SELECT count(*) FROM outbox"):
            relay._purge_at = 0
            await asyncio.sleep(0.01)
    stop.set()
    await running


async def test_a_cursor_from_before_the_purge_is_gone(
    risk: Database, session: asyncpg.Connection
) -> None:
    await publish(risk, 3)
    await settled(session)
    behind = await read(risk, most=1)
    at_the_end = await read(risk)
    await _purge(risk)
    with pytest.raises(Gone, match="niet meer bewaard"):
        await read(risk, behind.cursor)
    assert (await read(risk, at_the_end.cursor)).events == []
    later = await publish(risk, 2)
    await settled(session)
    assert subjects(await read(risk, at_the_end.cursor)) == later
    assert subjects(await read(risk)) == later

"""Limits are counted in PostgreSQL, for several processes together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
from limits import RateLimitItemPerHour
from limits.aio.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter
from sqlalchemy import text

from services.intake import tables
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.errors import TooMany
from shared.http.rate_limit import HOUR, RateLimit
from shared.http.rate_limit_storage import PostgresCounts, forget
from tests.support.databases import FreshDatabase

PER_HOUR = RateLimitItemPerHour(10, namespace="proef")


@pytest.fixture(scope="module")
async def pools(fresh_database: FreshDatabase) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes of one service."""
    url = await fresh_database("intake")
    publisher = Publisher(tables.messaging.outbox, source="urn:nld:oin:1:systeem:vth-intake")
    one = await Database.open(url, publisher=publisher)
    other = await Database.open(url, publisher=publisher)
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
async def counts(pools: tuple[Database, Database]) -> PostgresCounts:
    storage = PostgresCounts(pools[0].pool)
    await storage.reset()
    return storage


async def earlier(pool: asyncpg.Pool, seconds: float) -> None:
    """Let so much time pass for everything that was counted."""
    await pool.execute("UPDATE rate_limit SET began = began - make_interval(secs => $1)", seconds)


async def test_two_processes_count_together(
    pools: tuple[Database, Database], counts: PostgresCounts
) -> None:
    other = PostgresCounts(pools[1].pool)
    limiters = [SlidingWindowCounterRateLimiter(each) for each in (counts, other)]
    hits = (limiters[turn % 2].hit(PER_HOUR, "iemand") for turn in range(40))
    assert sum(await asyncio.gather(*hits)) == 10
    assert await limiters[0].hit(PER_HOUR, "een ander")


async def test_what_was_refused_does_not_count(counts: PostgresCounts) -> None:
    limiter = SlidingWindowCounterRateLimiter(counts)
    for _ in range(15):
        await limiter.hit(PER_HOUR, "iemand")
    assert (await counts.get_sliding_window(PER_HOUR.key_for("iemand"), HOUR))[2] == 10
    assert not await limiter.hit(PER_HOUR, "nieuw", cost=11)


async def test_the_window_before_weighs_less_by_the_minute(
    pools: tuple[Database, Database], counts: PostgresCounts
) -> None:
    limiter = SlidingWindowCounterRateLimiter(counts)
    for _ in range(10):
        assert await limiter.hit(PER_HOUR, "iemand")
    await earlier(pools[0].pool, HOUR * 1.5)
    assert sum([await limiter.hit(PER_HOUR, "iemand") for _ in range(10)]) in {5, 6}
    await earlier(pools[0].pool, HOUR * 2)
    assert sum([await limiter.hit(PER_HOUR, "iemand") for _ in range(20)]) == 10


@pytest.mark.parametrize("passed", [0.0, 0.3, 0.999])
async def test_who_comes_back_when_told_is_let_in(
    pools: tuple[Database, Database], counts: PostgresCounts, passed: float
) -> None:
    limit = RateLimit("proef", 3, b"geheim", "Te vaak.")
    for _ in range(3):
        await limit.take(counts, "iemand")
    await earlier(pools[0].pool, HOUR * passed)
    for _ in range(5):
        with pytest.raises(TooMany) as refusal:
            await limit.take(counts, "iemand")
        assert 0 < refusal.value.retry_after <= HOUR
        await earlier(pools[0].pool, refusal.value.retry_after)
        await limit.take(counts, "iemand")


async def test_fixed_windows_work_as_well(
    pools: tuple[Database, Database], counts: PostgresCounts
) -> None:
    limiter = FixedWindowRateLimiter(counts)
    assert sum([await limiter.hit(PER_HOUR, "iemand") for _ in range(12)]) == 10
    stats = await limiter.get_window_stats(PER_HOUR, "iemand")
    assert stats.remaining == 0
    assert 0 < stats.reset_time - datetime.now(UTC).timestamp() <= HOUR
    await earlier(pools[0].pool, HOUR)
    assert await counts.get(PER_HOUR.key_for("iemand")) == 0
    assert await limiter.hit(PER_HOUR, "iemand")
    await limiter.clear(PER_HOUR, "iemand")
    assert await counts.get_expiry(PER_HOUR.key_for("iemand")) == 0
    assert await counts.check()


async def test_counts_that_weigh_nothing_are_removed(
    pools: tuple[Database, Database], counts: PostgresCounts
) -> None:
    limiter = SlidingWindowCounterRateLimiter(counts)
    await limiter.hit(PER_HOUR, "lang geleden")
    await earlier(pools[0].pool, 2 * HOUR)
    await limiter.hit(PER_HOUR, "net")
    async with pools[0].work(sight=Sight.ALL) as work:
        await forget(work)
    assert await counts.reset() == 1


async def test_a_session_that_saw_one_participant_counts_too(
    pools: tuple[Database, Database], counts: PostgresCounts
) -> None:
    async with pools[0].work(sight=Sight.of(["gm0153"])) as work:
        await work.all(text("SELECT 1"))
    assert await SlidingWindowCounterRateLimiter(counts).hit(PER_HOUR, "iemand")

"""Who has the job of a rebuild may swap, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from shared.auth.sight import Sight
from shared.jobs.errors import JobCancelledError, LeaseLostError
from shared.rebuild import requests, shadow
from shared.rebuild.running import Order, make_anew
from tests.integration.rebuild.conftest import Town

TABLE = "SELECT 'complaint'::regclass::oid"
SCHEMA = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)"
JOB = "SELECT position FROM job WHERE kind = 'herbouw'"


@pytest.fixture
async def order(town: Town) -> AsyncIterator[Order]:
    """A rebuild of the facts of risk, in our hands; after it nothing of it is left."""
    await town.forget_jobs("risk")
    projection = town.projection("risk", "feiten")
    async with town.databases["risk"].work("test", sight=Sight.ALL) as work:
        _, lease = await requests.take(work, projection)
    yield Order(
        spec=town.spec("risk"),
        settings=town.settings,
        projection=projection,
        lease=lease,
        swapped=None,
        report=lambda _: None,
        stopped=asyncio.Event().wait,
    )
    assert not await town.databases["risk"].pool.fetchval(SCHEMA, shadow.SCHEMA)
    await town.forget_jobs("risk")


async def test_with_the_swap_the_job_knows_that_it_is_done(town: Town, order: Order) -> None:
    pool = town.databases["risk"].pool
    before = await pool.fetchval(TABLE)
    done = await make_anew(order)
    assert await pool.fetchval(TABLE) != before
    assert await pool.fetchval(JOB) == {"swapped": done}


async def test_after_the_swap_only_what_is_left_is_done(town: Town, order: Order) -> None:
    pool = town.databases["risk"].pool
    before, moment = await pool.fetchval(TABLE), await pool.fetchval("SELECT now()")
    assert await make_anew(replace(order, swapped=7)) == 7
    assert await pool.fetchval(TABLE) == before
    since = "SELECT anew_since FROM risk_model WHERE state = 'actief'"
    assert await pool.fetchval(since) > moment


async def test_who_lost_the_job_does_not_swap(town: Town, order: Order) -> None:
    pool = town.databases["risk"].pool
    before = await pool.fetchval(TABLE)
    await pool.execute("UPDATE job SET lease = $1", uuid4())
    with pytest.raises(LeaseLostError):
        await make_anew(order)
    assert await pool.fetchval(TABLE) == before


async def test_a_cancelled_job_does_not_swap(town: Town, order: Order) -> None:
    pool = town.databases["risk"].pool
    before = await pool.fetchval(TABLE)
    await pool.execute("UPDATE job SET cancelled_at = now()")
    with pytest.raises(JobCancelledError):
        await make_anew(order)
    assert await pool.fetchval(TABLE) == before


async def test_it_is_broken_off_at_once(town: Town, order: Order) -> None:
    pool, stop = town.databases["risk"].pool, asyncio.Event()
    before = await pool.fetchval(TABLE)
    stopped = replace(order, report=lambda _: stop.set(), stopped=stop.wait)
    with pytest.raises(JobCancelledError):
        await make_anew(stopped)
    assert await pool.fetchval(TABLE) == before

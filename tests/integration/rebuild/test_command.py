"""`vth events rebuild`: with a bar, refused where it must be, and clean after it was killed."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from shared.rebuild import shadow
from tests.integration.rebuild.conftest import Town
from tests.support.waiting import until

# The handlers read the rules; a reader of the old table keeps it from being swapped.
HOLDS = {
    "filling": "LOCK TABLE product_rule IN ACCESS EXCLUSIVE MODE",
    "swapping": "SELECT count(*) FROM case_file",
}
# As half a minute after the last sign of life of who had it.
GIVEN_UP = "UPDATE job SET available_at = now() WHERE state = 'loopt'"
WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted)"


@pytest.fixture
def environment(town: Town) -> dict[str, str]:
    return {
        "VTH_ENVIRONMENT": "test",
        "VTH_DATABASE_URL": town.settings.database_url.get_secret_value(),
        "COLUMNS": "200",
    }


@contextmanager
def vth(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own, that is gone afterwards."""
    command = [sys.executable, "-m", "deploy.cli", "events", "rebuild", *arguments]
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def _state(town: Town, service: str) -> str:
    return (await town.jobs(service))[0].state


async def _has_schema(town: Town, service: str) -> bool:
    query = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)"
    return bool(await town.databases[service].pool.fetchval(query, shadow.SCHEMA))


async def test_the_command_says_how_many_events(town: Town, environment: dict[str, str]) -> None:
    before = await town.rows("enforcement", ["location"])
    with vth(environment, "enforcement", "locaties") as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "opnieuw opgebouwd uit" in output
    assert await town.rows("enforcement", ["location"]) == before
    (job,) = await town.jobs("enforcement")
    assert (job.state, job.requested_by.partition(":")[0]) == ("klaar", "commandoregel")


def test_a_service_with_several_projections_names_them(environment: dict[str, str]) -> None:
    runner = CliRunner(env=environment)
    for arguments in (["intake"], ["intake", "onzin"]):
        refused = runner.invoke(app, ["events", "rebuild", *arguments])
        assert refused.exit_code == 1
        assert "locaties, toezicht" in refused.output


@pytest.mark.parametrize("where", ["filling", "swapping"])
async def test_killed_half_way_it_changes_nothing_and_is_taken_up_again(
    town: Town, environment: dict[str, str], where: str
) -> None:
    before = await town.rows("reporting", ["case_file", "product_delivery"])
    async with held(town, where) as waiting:
        with vth(environment, "reporting", "zaken") as process:
            await waiting()
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    assert await _has_schema(town, "reporting")
    assert await _state(town, "reporting") == "loopt"
    with vth(environment, "reporting", "zaken") as process:
        output, _ = process.communicate(timeout=60)
    assert "Er loopt al een herbouw" in output
    await town.databases["reporting"].pool.execute(GIVEN_UP)
    assert await town.rows("reporting", ["case_file", "product_delivery"]) == before
    with vth(environment, "reporting", "zaken") as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert await town.rows("reporting", ["case_file", "product_delivery"]) == before
    assert not await _has_schema(town, "reporting")
    (job,) = await town.jobs("reporting")
    assert (job.state, job.attempts) == ("klaar", 1)


@asynccontextmanager
async def held(town: Town, where: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Keep a rebuild of reporting from going on from a certain place; gives how to await that."""
    pool = town.databases["reporting"].pool
    # Not of the pool, whose transactions are ended when they last.
    holding = await asyncpg.connect(town.settings.database_for("reporting"))
    try:
        await holding.execute("BEGIN")
        await holding.execute(HOLDS[where])
        yield lambda: until(lambda: _waits(pool, where), 60)
    finally:
        await holding.close()


async def _waits(pool: asyncpg.Pool, where: str) -> bool:
    table = "product_rule" if where == "filling" else "case_file"
    return bool(await pool.fetchval(WAITS, f"public.{table}"))


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_leaves_nothing_behind(
    town: Town, environment: dict[str, str], request_to_stop: signal.Signals
) -> None:
    before = await town.rows("reporting", ["case_file"])
    async with held(town, "swapping") as waiting:
        with vth(environment, "reporting", "zaken") as process:
            await waiting()
            process.send_signal(request_to_stop)
            output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "zoals ze waren" in output
    assert await town.rows("reporting", ["case_file"]) == before
    assert not await _has_schema(town, "reporting")
    (job,) = await town.jobs("reporting")
    assert (job.state, (job.cancelled_by or "").partition(":")[0]) == (
        "geannuleerd",
        "commandoregel",
    )


async def test_a_second_one_is_refused(town: Town, environment: dict[str, str]) -> None:
    async with AsyncExitStack() as holding:
        waiting = await holding.enter_async_context(held(town, "swapping"))
        with vth(environment, "reporting", "zaken") as first:
            await waiting()
            with vth(environment, "reporting", "zaken") as second:
                output, _ = second.communicate(timeout=30)
            assert second.returncode == 1
            assert "Er loopt al een herbouw" in output
            await holding.aclose()
            output, _ = first.communicate(timeout=60)
    assert first.returncode == 0, output

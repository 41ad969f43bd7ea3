"""An operator sees who is signed in, and ends that."""

import asyncio

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.settings import Settings
from tests.integration.sessions.conftest import Process
from tests.integration.sessions.test_sign_in import PAGES, sign_in


@pytest.fixture
def runner(platform_settings: Settings) -> CliRunner:
    return CliRunner(
        env={
            "VTH_ENVIRONMENT": "test",
            "VTH_DATABASE_URL": platform_settings.database_url.get_secret_value(),
        }
    )


async def vth(runner: CliRunner, *arguments: str) -> Result:
    return await asyncio.to_thread(
        runner.invoke, app, ["sessions", *arguments], catch_exceptions=False
    )


async def test_an_operator_ends_all_sessions_of_somebody(
    process: Process, database: asyncpg.Connection, runner: CliRunner
) -> None:
    async with process.browser() as one, process.browser() as two, process.browser() as other:
        await sign_in(one, "klachten")
        await sign_in(two, "klachten")
        await sign_in(other, "teamleider")
        listed = (await vth(runner, "list")).output
        assert (listed.count("klachten"), listed.count("teamleider")) == (2, 1)
        assert "2 sessies" in (await vth(runner, "end", "klachten")).output
        for browser in (one, two):
            answer = await browser.get(PAGES[0])
            assert answer.headers["location"].endswith("&reden=beheer")
        assert (await other.get(PAGES[0])).status_code == 200
        assert "klachten" not in (await vth(runner, "list")).output
        assert "0 sessies" in (await vth(runner, "end", "niemand")).output

"""An older version on newer data says so in a sentence; nothing is touched."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from deploy import databases, revisions
from deploy.revisions import NewerDataError, OlderDataError
from shared.settings import SERVICES, Settings
from tests.support.databases import Templates

AT = "UPDATE alembic_version SET version_num = $1"


@pytest.fixture
async def risk(
    templates: Templates, server_settings: Settings
) -> AsyncIterator[asyncpg.Connection]:
    """The database of risk, under the name that its processes look for."""
    await templates.copy("risk", "vth_risk")
    url = databases.administration(server_settings, "vth_risk")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()
    await templates.drop(url)


async def told(settings: Settings, *arguments: str) -> tuple[int | None, str]:
    """The exit code of `vth` and what it printed."""
    environment = {
        **os.environ,
        "VTH_ENVIRONMENT": "test",
        "VTH_DATABASE_URL": settings.database_url.get_secret_value(),
        "VTH_TOKEN_KEY": settings.token_key.get_secret_value(),
        "VTH_MASTER_KEY": settings.master_key.get_secret_value(),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, output.decode()


@pytest.mark.parametrize(
    "arguments",
    [("migrate", "risk"), ("seed", "risk"), ("serve", "risk", "--port", "0"), ("worker", "risk")],
    ids=" ".join,
)
async def test_newer_data_are_refused_in_a_sentence(
    arguments: tuple[str, ...], risk: asyncpg.Connection, server_settings: Settings
) -> None:
    await risk.execute(AT, "9999")
    code, output = await told(server_settings, *arguments)
    assert code == 1, output
    assert "van een nieuwere versie" in output
    assert "Traceback" not in output
    assert await risk.fetchval("SELECT version_num FROM alembic_version") == "9999"


@pytest.mark.parametrize("arguments", [("serve", "risk", "--port", "0"), ("worker", "risk")])
async def test_tables_that_are_behind_ask_for_the_migration(
    arguments: tuple[str, ...], risk: asyncpg.Connection, server_settings: Settings
) -> None:
    await risk.execute(AT, "0003")
    code, output = await told(server_settings, *arguments)
    assert code == 1, output
    assert "vth migrate" in output
    assert "Traceback" not in output


async def test_seeds_go_in_by_the_command(
    risk: asyncpg.Connection, server_settings: Settings
) -> None:
    await risk.execute("TRUNCATE risk_model, seed")
    code, output = await told(server_settings, "seed", "risk")
    assert code == 0, output
    assert "risk risk_model: 1 nieuw, 0 bijgewerkt, 0 van de dienst zelf" in output


async def test_each_state_of_a_database_is_told(
    risk: asyncpg.Connection, server_settings: Settings, templates: Templates
) -> None:
    url = databases.administration(server_settings, "vth_risk")
    await revisions.require_same(server_settings, ("risk",))
    await risk.execute(AT, "0001")
    await revisions.refuse_newer("risk", url)
    with pytest.raises(OlderDataError, match="0001"):
        await revisions.require_same(server_settings, ("risk",))
    await risk.execute(AT, "9999")
    with pytest.raises(NewerDataError, match="9999"):
        await revisions.require_same(server_settings, ("risk",))
    with pytest.raises(NewerDataError):
        await databases.upgrade_async("risk", url)
    await risk.execute("DROP TABLE alembic_version")
    with pytest.raises(OlderDataError, match="geen"):
        await revisions.require_same(server_settings, ("risk",))


@pytest.mark.parametrize("name", databases.DATABASES)
def test_the_files_of_revisions_start_with_their_number(name: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(revisions.migrations_of(name)))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    chain = [each.revision for each in script.walk_revisions()]
    assert chain[::-1] == revisions.known(name)
    assert script.get_current_head() == revisions.head_of(name)


def test_every_service_has_revisions() -> None:
    assert set(SERVICES) < set(databases.DATABASES)
    assert all(revisions.known(name) for name in databases.DATABASES)

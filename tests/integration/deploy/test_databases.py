"""Roles, databases and migrations: repeatable, separate per service, patient with locks."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from deploy import databases, revisions
from shared.settings import Settings
from tests.support.databases import FreshDatabase, Templates

NAMES = ("intake", "risk")
ENV = "from sqlalchemy import MetaData\nfrom shared.db.migrations import run\nrun(MetaData())\n"
FIRST = """
    from alembic import op
    revision = "0001"
    down_revision = None
    def upgrade():
        op.execute("CREATE TABLE klacht (nummer int)")
"""
SECOND = """
    from alembic import op
    revision = "0002"
    down_revision = "0001"
    def upgrade():
        op.execute("ALTER TABLE klacht ADD COLUMN zaak text")
"""

INDEX = """
    from shared.db.revisions import build_concurrently
    revision = "0002"
    down_revision = "0001"
    def upgrade():
        build_concurrently("klacht_nummer", "klacht (nummer)", unique=True)
"""
# Alembic migrates once per process.
MIGRATE = """
import sys
from pathlib import Path
from deploy import databases, revisions
revisions.ROOT = Path(sys.argv[1])
databases.upgrade("intake", sys.argv[2])
"""
BUILDING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONC%'"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'klacht_nummer'::regclass"


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service `intake` with one migration."""
    monkeypatch.setattr(revisions, "ROOT", tmp_path)
    versions = tmp_path / "services" / "intake" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text(ENV)
    (versions / "0001.py").write_text(dedent(FIRST))
    return versions


@pytest.fixture
async def connection(fresh_empty: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_empty)
    await connection.execute("SET ROLE vth_intake_owner")
    yield connection
    await connection.close()


@pytest.fixture
async def fresh_empty(templates: Templates) -> AsyncIterator[str]:
    """A database that no migration has touched."""
    url = await templates.empty("intake", "vth_bare")
    yield url
    await templates.drop(url)


async def test_creating_twice_changes_nothing(server_settings: Settings) -> None:
    await asyncio.gather(*(databases.create(server_settings, NAMES) for _ in range(3)))
    connection = await asyncpg.connect(databases.administration(server_settings))
    owners = await connection.fetch(
        "SELECT datname, pg_get_userbyid(datdba) AS owner FROM pg_database "
        "WHERE datname IN ('vth_intake', 'vth_risk')"
    )
    await connection.close()
    assert {(row["datname"], row["owner"]) for row in owners} == {
        ("vth_intake", "vth_intake_owner"),
        ("vth_risk", "vth_risk_owner"),
    }


async def test_a_service_cannot_enter_the_database_of_another(server_settings: Settings) -> None:
    await databases.create(server_settings, NAMES)
    strange = server_settings.database_for("risk").removesuffix("vth_risk") + "vth_intake"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(strange)


async def test_migrations_run_once_and_in_order(
    migrations: Path, fresh_empty: str, connection: asyncpg.Connection
) -> None:
    await databases.upgrade_async("intake", fresh_empty)
    await databases.upgrade_async("intake", fresh_empty)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0001"
    (migrations / "0002.py").write_text(dedent(SECOND))
    await databases.upgrade_async("intake", fresh_empty)
    assert await connection.fetch("SELECT zaak FROM klacht") == []


async def test_a_migration_waits_for_a_lock_and_tries_again(
    migrations: Path,
    fresh_empty: str,
    connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.db.migrations.LOCK_TIMEOUT", "50ms")
    await databases.upgrade_async("intake", fresh_empty)
    (migrations / "0002.py").write_text(dedent(SECOND))
    async with connection.transaction():
        await connection.execute("LOCK TABLE klacht")
        migrating = asyncio.create_task(databases.upgrade_async("intake", fresh_empty))
        await asyncio.sleep(0.4)
        assert not migrating.done()
    await migrating
    assert await connection.fetch("SELECT zaak FROM klacht") == []


async def until_building(connection: asyncpg.Connection) -> None:
    """Wait until an index is being built."""
    for _ in range(200):
        if await connection.fetchval(BUILDING):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("no index is being built")


async def test_an_index_is_built_while_others_write_and_another_migrates(
    migrations: Path, fresh_empty: str, connection: asyncpg.Connection
) -> None:
    """Who waits to migrate holds no transaction open that the building index would wait for."""
    await databases.upgrade_async("intake", fresh_empty)
    (migrations / "0002.py").write_text(dedent(INDEX))
    writing = connection.transaction()
    await writing.start()
    await connection.execute("INSERT INTO klacht VALUES (1)")
    root = str(migrations.parents[3])
    both = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, root, fresh_empty)
        for _ in range(2)
    ]
    other = await asyncpg.connect(fresh_empty)
    # What a session does is shown to the role that logged in.
    await other.execute("SET ROLE none")
    await until_building(other)
    await other.execute("SET ROLE vth_intake_owner")
    await other.execute("INSERT INTO klacht VALUES (2)", timeout=2)
    await other.close()
    await asyncio.sleep(1)
    assert [each.returncode for each in both] == [None, None]
    await writing.commit()
    codes = asyncio.gather(*(each.wait() for each in both))
    assert await asyncio.wait_for(codes, 20) == [0, 0]
    assert await connection.fetchval(VALID)


async def test_an_index_that_was_broken_off_is_built_anew(
    migrations: Path, fresh_empty: str, connection: asyncpg.Connection
) -> None:
    await databases.upgrade_async("intake", fresh_empty)
    (migrations / "0002.py").write_text(dedent(INDEX))
    await connection.execute("INSERT INTO klacht VALUES (1), (1)")
    with pytest.raises(IntegrityError, match="could not create unique index"):
        await databases.upgrade_async("intake", fresh_empty)
    assert not await connection.fetchval(VALID)
    await connection.execute("DELETE FROM klacht")
    await databases.upgrade_async("intake", fresh_empty)
    assert await connection.fetchval(VALID)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0002"


async def test_each_test_database_is_its_own(fresh_database: FreshDatabase) -> None:
    one, other = await fresh_database("intake"), await fresh_database("intake")
    assert one != other
    for url in (one, other):
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT session_user") == "vth_intake"
        assert await connection.fetchval("SELECT current_user") == "vth_intake_all"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE not_ours (id int)")
        await connection.execute("SET ROLE vth_intake_owner")
        await connection.execute("CREATE TABLE only_here (id int)")
        await connection.close()

"""A database and a role per service on one PostgreSQL server, and their migrations."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from deploy import database_roles
from deploy.revisions import EVENTS, ROOT, SESSIONS, head_of, migrations_of, refuse_newer
from shared.db import seeds
from shared.settings import SERVICES, Settings

# The participants of the example agency, and what it decided.
EXAMPLES = ROOT / "deploy" / "demo" / "seeds"
DATABASES: Sequence[str] = (*SERVICES, EVENTS, SESSIONS)
ONE_AT_A_TIME = 8_430_000
LOCK_NOT_AVAILABLE = "55P03"
ATTEMPTS = 5

log = logging.getLogger(__name__)

__all__ = ["DATABASES", "EVENTS", "EXAMPLES", "SESSIONS", "head_of", "migrations_of"]


async def create(settings: Settings, names: Iterable[str] = DATABASES) -> None:
    """Create the roles and databases that do not exist yet; needs a role that may do so.

    What a database holds from before it had an owner of its own is given to that owner.
    """
    async with _one_at_a_time(settings) as connection:
        for name in names:
            await database_roles.create_roles(connection, settings, name)
            if not await database_roles.create_database(connection, name, f"vth_{name}"):
                await _take_over(settings, name)


async def create_role(settings: Settings, name: str) -> None:
    """Create the roles of one service alone."""
    async with _one_at_a_time(settings) as connection:
        await database_roles.create_roles(connection, settings, name)


async def _take_over(settings: Settings, name: str) -> None:
    connection = await asyncpg.connect(administration(settings, f"vth_{name}"))
    try:
        await database_roles.take_over(connection, name)
    finally:
        await connection.close()


def migrate(
    settings: Settings, names: Iterable[str] = DATABASES, *, examples: bool = False
) -> None:
    """Bring each database to the newest version and put in its seeds."""
    for name in names:
        upgrade(name, administration(settings, f"vth_{name}"), examples=examples)


def upgrade(name: str, url: str, revision: str = "head", *, examples: bool = False) -> None:
    """Bring one database to a revision, as its owner; at the newest its seeds are put in."""
    _revise(name, url, revision)
    if revision == "head":
        asyncio.run(seed(name, url, examples=examples))


async def upgrade_async(
    name: str, url: str, revision: str = "head", *, examples: bool = False
) -> None:
    """The same from a running event loop: Alembic wants a loop of its own."""
    await asyncio.to_thread(upgrade, name, url, revision, examples=examples)


async def seed(
    name: str, url: str, *, examples: bool = False, folder: Path | None = None
) -> Sequence[seeds.Outcome]:
    """Put the seeds of a service into its database, and those of the example agency if asked.

    A folder holds what an agency keeps of its own, in their place.
    """
    files = seeds.read(folder or migrations_of(name).parent / "seeds")
    files += seeds.read(EXAMPLES / name) if examples else []
    if not files:
        return ()
    await refuse_newer(name, url)
    connection = await asyncpg.connect(url)
    try:
        return await seeds.put_in(connection, files)
    finally:
        await connection.close()


def _revise(name: str, url: str, revision: str) -> None:
    """Run the revisions that a database does not have; waits for busy tables a few times."""
    asyncio.run(refuse_newer(name, url))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            command.upgrade(_alembic(name, url), revision)
        except DBAPIError as error:
            if attempt == ATTEMPTS or _code_of(error) != LOCK_NOT_AVAILABLE:
                raise
            log.warning("a table of %s is locked, trying again", name)
            time.sleep(attempt / 2)
        else:
            return


def sql_of(name: str, since: str) -> str:
    """The SQL of the revisions after this one, as an upgrade would run it."""
    config = _alembic(name, "")
    config.output_buffer = StringIO()
    command.upgrade(config, f"{since}:head", sql=True)
    return config.output_buffer.getvalue()


def _alembic(name: str, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_of(name)))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    config.attributes["role"] = database_roles.owner_of(name)
    return config


def administration(settings: Settings, database: str = "postgres") -> str:
    """The URL under which databases and roles are made, and tables as their owner."""
    url = urlsplit(settings.database_url.get_secret_value())
    return urlunsplit((url.scheme, url.netloc, f"/{database}", url.query, ""))


@asynccontextmanager
async def _one_at_a_time(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(administration(settings))
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        yield connection
    finally:
        await connection.close()


def _code_of(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)

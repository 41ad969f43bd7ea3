"""Databases for tests: one migrated template per service, copied in some tens of milliseconds.

They hold the seeds and those of the example agency.

`fresh_database("intake")` gives the URL of a new empty database with intake's own role; it is
dropped when the test module ends. `platform_settings` gives settings whose databases are fresh.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from deploy import database_roles, databases
from shared.settings import Settings

FreshDatabase = Callable[[str], Awaitable[str]]


async def as_owner(pool: asyncpg.Pool, *statements: str) -> None:
    """Run what the service itself may not: as the owner of its tables, where it has one."""
    async with pool.acquire() as connection:
        role = await connection.fetchval("SELECT current_setting('role')")
        login = await connection.fetchval("SELECT session_user")
        if str(login).startswith("vth_"):
            await connection.execute(f"SET ROLE {login}_owner")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.execute(f"SET ROLE {role}")


async def end_sessions(pool: asyncpg.Pool, *pids: int) -> None:
    """End these sessions of the login role, or all of the database but our own."""
    async with pool.acquire() as connection:
        role = await connection.fetchval("SELECT current_setting('role')")
        # Only the role that logged in may end its own sessions.
        await connection.execute("SET ROLE none")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND (pid = ANY($1) OR cardinality($1) = 0)",
            list(pids),
        )
        await connection.execute(f"SET ROLE {role}")


class Templates:
    """Makes the template of a service when it is first asked for, and copies it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready: set[str] = set()
        self._numbers = count(1)

    async def empty(self, service: str, name: str) -> str:
        """Create a database without any table (replacing one of that name)."""
        await databases.create_role(self._settings, service)
        async with self._administration() as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await database_roles.create_database(connection, service, name)
            # So that a test may change what only the owner may: see `as_owner`.
            await connection.execute(
                f"GRANT vth_{service}_owner TO vth_{service} WITH INHERIT FALSE, SET TRUE"
            )
        return self._url(service, name)

    async def copy(self, service: str, name: str | None = None) -> str:
        """Create a database like the template (replacing one of that name) and return its URL."""
        await self._prepare(service)
        name = name or f"vth_{service}_{next(self._numbers)}"
        async with self._administration() as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await connection.execute(
                f"CREATE DATABASE {name} TEMPLATE vth_{service}_template STRATEGY FILE_COPY"
            )
            await database_roles.open_to(connection, service, name)
        return self._url(service, name)

    async def drop(self, url: str) -> None:
        name = urlsplit(url).path.removeprefix("/")
        async with self._administration() as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _prepare(self, service: str) -> None:
        if service in self._ready:
            return
        name = f"vth_{service}_template"
        await self.empty(service, name)
        if databases.migrations_of(service).exists():
            await databases.upgrade_async(service, self._url(service, name), examples=True)
        self._ready.add(service)

    def _url(self, service: str, name: str) -> str:
        return self._settings.database_for(service).removesuffix(f"vth_{service}") + name

    @asynccontextmanager
    async def _administration(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(databases.administration(self._settings))
        try:
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def server_settings(postgres_server: str, server_folder: Path) -> Settings:
    """Settings for the test server; the keys are fixed so that a failure can be repeated."""
    return Settings(
        environment="test",
        database_url=SecretStr(postgres_server),
        master_key=SecretStr("dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="),
        webhook_key=SecretStr("d2ViaG9va3dlYmhvb2t3ZWJob29rd2ViaG9va3dlYmg="),
        token_key=SecretStr("test-token-key-of-more-than-32-characters"),
        outbox_dir=server_folder / "post",
        pool_size=4,
    )


@pytest.fixture(scope="session")
def templates(server_settings: Settings) -> Templates:
    return Templates(server_settings)


@pytest.fixture(scope="module")
async def fresh_database(templates: Templates) -> AsyncIterator[FreshDatabase]:
    """A function that makes a migrated, otherwise empty database of a service."""
    made: list[str] = []

    async def make(service: str) -> str:
        made.append(await templates.copy(service))
        return made[-1]

    yield make
    for url in made:
        await templates.drop(url)


@pytest.fixture(scope="module")
async def platform_settings(server_settings: Settings, templates: Templates) -> Settings:
    """Settings of a whole platform whose databases are migrated and empty."""
    for service in databases.DATABASES:
        await templates.copy(service, f"vth_{service}")
    return server_settings

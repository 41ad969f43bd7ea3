"""The database roles of a service: who owns its tables, who may use them, who may log in.

`vth_<name>_owner` owns the database and its tables and cannot log in: only `vth migrate` works as
it. `vth_<name>` logs in, owns nothing and has no rights of its own; it works as `vth_<name>_all`,
or as `vth_<name>_some`, which row-level security limits to the participants of the caller.
`vth_<name>_projection` owns the tables that a rebuild makes anew from the events, and no others.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

import asyncpg

from shared.settings import SERVICES, Settings

_EXISTS: Final = "SELECT 1 FROM pg_roles WHERE rolname = $1"
_OTHERS: Final = """
SELECT format('ALTER %s %s OWNER TO %I', kind, thing, $1::text)
FROM (
    SELECT 'TABLE' AS kind, c.oid::regclass::text AS thing, c.relowner AS owner
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT 'SEQUENCE', c.oid::regclass::text, c.relowner
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
    UNION ALL
    SELECT 'ROUTINE', p.oid::regprocedure::text, p.proowner
    FROM pg_proc AS p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'TYPE', t.oid::regtype::text, t.typowner
    FROM pg_type AS t
    WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('d', 'e', 'r')
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = t.oid AND d.deptype = 'e')
) AS found
WHERE pg_get_userbyid(owner) <> ALL($2::text[])
"""


def owner_of(name: str) -> str:
    """The role that owns the database of a service, or that of the event log."""
    return f"vth_{name}_owner"


def _groups_of(name: str) -> Sequence[str]:
    """The roles that cannot log in."""
    limited = ("some", "projection") if name in SERVICES else ()
    return tuple(f"vth_{name}_{each}" for each in ("owner", "all", *limited))


async def create_roles(connection: asyncpg.Connection, settings: Settings, name: str) -> None:
    """The roles of one service; its password is that of the settings, which may have changed."""
    login, owner = f"vth_{name}", owner_of(name)
    for role in _groups_of(name):
        if not await connection.fetchval(_EXISTS, role):
            await connection.execute(f"CREATE ROLE {role} NOLOGIN")
    exists = await connection.fetchval(_EXISTS, login)
    password = urlsplit(settings.database_for(name)).password
    secret = "" if password is None else f" PASSWORD {_literal(unquote(password))}"
    # Event log and sessions know no participants: the login has the rights of its one role.
    inherit = "NOINHERIT" if name in SERVICES else "INHERIT"
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE {login} LOGIN {inherit}{secret}")
    for role in _groups_of(name):
        if role != owner:
            await connection.execute(f"GRANT {role} TO {login}")
    if name in SERVICES:
        await connection.execute(f"GRANT vth_{name}_projection TO {owner}")
        # A session begins as the service itself, and is told when it works for somebody.
        await connection.execute(f"ALTER ROLE {login} SET role = '{login}_all'")
    for role in (login, *_groups_of(name)):
        if not await connection.fetchval("SELECT pg_has_role($1, 'SET')", role):
            await connection.execute(f"GRANT {role} TO CURRENT_USER")


async def create_database(connection: asyncpg.Connection, name: str, database: str) -> bool:
    """The database of a service, which only the service may enter; whether it is new."""
    login, owner = f"vth_{name}", owner_of(name)
    there = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database)
    if not there:
        await connection.execute(f"CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8'")
    await open_to(connection, name, database)
    await connection.execute(f"REVOKE CREATE ON DATABASE {database} FROM {login}")
    return not there


async def open_to(connection: asyncpg.Connection, name: str, database: str) -> None:
    """Let the roles of a service into a database, and nobody else."""
    await connection.execute(f"ALTER DATABASE {database} OWNER TO {owner_of(name)}")
    await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC")
    await connection.execute(f"GRANT CONNECT ON DATABASE {database} TO vth_{name}")
    if name in SERVICES:
        # A rebuild fills its new tables in a schema of their own.
        await connection.execute(f"GRANT CREATE ON DATABASE {database} TO vth_{name}_projection")


async def take_over(connection: asyncpg.Connection, name: str) -> None:
    """Make the owner of all that another role made: an installation from before there was one."""
    owner = owner_of(name)
    kept = [owner, f"vth_{name}_projection"]
    async with connection.transaction():
        await connection.execute(f"REVOKE CREATE ON SCHEMA public FROM vth_{name}")
        # Extensions too, which can change hands in no other way.
        await connection.execute(f"REASSIGN OWNED BY vth_{name} TO {owner}")
        for (statement,) in await connection.fetch(_OTHERS, owner, kept):
            await connection.execute(statement)


def _literal(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'" if "\\" not in value else f"E'{escaped.replace(chr(92), chr(92) * 2)}'"

"""The new tables: in a schema of their own, with the names and all that belongs to the old ones.

Sessions that see this schema first run the handlers as they are; every other table is the real one.
What is made here comes from the catalogue, so that nothing is lost which an operator added.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg

SCHEMA: Final = "herbouw"
# Nothing waits for the disk before the swap.
SEARCH_PATH: Final = f"search_path={SCHEMA},public&synchronous_commit=off"

_DROP: Final = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"
_HANDLED: Final = f"CREATE UNLOGGED TABLE {SCHEMA}.handled (event_id uuid PRIMARY KEY)"
_LIKE: Final = "CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL EXCLUDING INDEXES)"
# What handlers rely on while they write comes first, the other indexes when the tables are full.
_CONSTRAINTS: Final = """
SELECT format('ALTER TABLE {schema}.%I ADD CONSTRAINT %I %s', t.relname, c.conname,
              pg_get_constraintdef(c.oid))
FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1)
  AND c.contype IN ('p', 'u', 'x', 'f')
ORDER BY c.contype <> 'p', c.conname
"""
_INDEXES: Final = """
SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON public.%I ', t.relname),
               format(' ON {schema}.%I ', t.relname))
FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1)
  AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid
                  AND c.conrelid = i.indrelid)
ORDER BY i.indisunique DESC, i.indexrelid
"""
_GRANTS: Final = """
SELECT format('GRANT %s ON {schema}.%I TO %s', a.privilege_type, t.relname,
              CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END)
FROM pg_class AS t CROSS JOIN aclexplode(t.relacl) AS a LEFT JOIN pg_roles AS g ON g.oid = a.grantee
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1) AND a.grantee <> t.relowner
"""


# Row-level security goes along: who may not see a row does not see it in the new table either.
_POLICIES: Final = """
SELECT format('ALTER TABLE {schema}.%I ENABLE ROW LEVEL SECURITY', t.relname)
FROM pg_class AS t
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1) AND t.relrowsecurity
UNION ALL
SELECT format('CREATE POLICY %I ON {schema}.%I AS %s FOR %s TO %s', p.policyname, p.tablename,
              p.permissive, p.cmd,
              (SELECT string_agg(quote_ident(r), ', ') FROM unnest(p.roles) AS r))
       || coalesce(' USING (' || p.qual || ')', '')
       || coalesce(' WITH CHECK (' || p.with_check || ')', '')
FROM pg_policies AS p
WHERE p.schemaname = 'public' AND p.tablename = ANY($1)
"""
_OWNERS: Final = """
SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1)
"""
# The roles that use the tables use those of the new schema as well, while it is filled.
_USERS: Final = """
SELECT DISTINCT format('GRANT USAGE ON SCHEMA {schema} TO %I; '
                       'GRANT SELECT, INSERT ON {schema}.handled TO %I', g.rolname, g.rolname)
FROM pg_class AS t CROSS JOIN aclexplode(t.relacl) AS a JOIN pg_roles AS g ON g.oid = a.grantee
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1) AND a.grantee <> t.relowner
"""


async def become_owner(session: asyncpg.Connection, tables: Sequence[str]) -> str:
    """Work on as the owner of the tables, which alone may put others in their place."""
    owners = [row[0] for row in await session.fetch(_OWNERS, list(tables))]
    if len(owners) != 1:
        raise LookupError(f"the tables of a projection have one owner, not {owners}")
    await session.execute(f"SET ROLE {_quoted(owners[0])}")
    return str(owners[0])


async def create(session: asyncpg.Connection, tables: Sequence[str]) -> None:
    """Make the tables empty; what an earlier attempt left is removed."""
    await drop(session)
    async with session.transaction():
        await session.execute(f"CREATE SCHEMA {SCHEMA}")
        await session.execute(_HANDLED)
        for table in tables:
            await session.execute(_LIKE.format(schema=SCHEMA, table=_quoted(table)))
        for query in (_CONSTRAINTS, _GRANTS, _POLICIES, _USERS):
            await _make(session, query, tables)


async def complete(session: asyncpg.Connection, tables: Sequence[str], limit: float) -> None:
    """Make the tables durable, then their other indexes and statistics; each within `limit` s."""
    for table in tables:
        await session.execute(f"ALTER TABLE {SCHEMA}.{_quoted(table)} SET LOGGED", timeout=limit)
    await _make(session, _INDEXES, tables, limit)
    for table in tables:
        await session.execute(f"VACUUM (ANALYZE) {SCHEMA}.{_quoted(table)}", timeout=limit)


async def drop(session: asyncpg.Connection) -> None:
    """Remove what is there."""
    await session.execute(_DROP)


def swap(tables: Sequence[str], owner: str) -> list[str]:
    """The statements by which their owner puts the new tables in the place of the old ones.

    The transaction goes on as the owner, and may do nothing else after them.
    Without CASCADE: a table or view that someone hung on to the old one stops the swap.
    """
    listed = ", ".join(f"public.{_quoted(table)}" for table in tables)
    return [
        f"SET LOCAL ROLE {_quoted(owner)}",
        f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE",
        f"DROP TABLE {listed}",
        *(f"ALTER TABLE {SCHEMA}.{_quoted(table)} SET SCHEMA public" for table in tables),
    ]


async def _make(
    session: asyncpg.Connection, query: str, tables: Sequence[str], limit: float | None = None
) -> None:
    for row in await session.fetch(query.format(schema=SCHEMA), list(tables)):
        await session.execute(row[0], timeout=limit)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'

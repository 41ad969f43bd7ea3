"""The dumps of installations of earlier releases (tests/upgrade), and what their tables hold."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.databases import EVENTS
from shared.settings import SERVICES

FOLDER = Path(__file__).parents[1] / "upgrade"
# The databases that every release had.
HELD = (*SERVICES, EVENTS)
RELEASES = sorted(path.name for path in FOLDER.iterdir() if (path / "events.sql.gz").exists())

_COLUMNS = """
SELECT c.relname AS table, a.attname AS column, t.typcategory = 'N' AS numeric
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_type AS t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND NOT a.attisdropped AND c.relname <> 'alembic_version'
ORDER BY 1, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds: its rows, a hash of all their values, and the sum of each number."""

    rows: int
    hash: str
    sums: Mapping[str, str]


Columns = Mapping[str, Mapping[str, bool]]


async def restore(release: str, name: str, url: str) -> None:
    """Put the dump of a release into an empty database, as it was: all of it the service's own."""
    script = gzip.decompress((FOLDER / release / f"{name}.sql.gz").read_bytes()).decode()
    connection = await asyncpg.connect(url)
    service, database = f"vth_{name}", await connection.fetchval("SELECT current_database()")
    try:
        await connection.execute(f"GRANT CREATE ON DATABASE {database} TO {service}")
        await connection.execute(f"GRANT CREATE ON SCHEMA public TO {service}")
        await connection.execute(f"SET ROLE {service}")
        await connection.execute(script)
    finally:
        await connection.close()


async def columns_of(connection: asyncpg.Connection) -> Columns:
    """The columns of each table, and whether each is a number."""
    found: dict[str, dict[str, bool]] = {}
    for row in await connection.fetch(_COLUMNS):
        found.setdefault(row["table"], {})[row["column"]] = row["numeric"]
    return found


async def holdings(connection: asyncpg.Connection, columns: Columns) -> dict[str, Held]:
    """What the tables hold in these columns, whatever other columns they have by now."""
    return {table: await _held(connection, table, names) for table, names in columns.items()}


# A table as it was, where a later revision keeps some of its columns elsewhere.
_AS_IT_WAS: Mapping[str, str] = {
    "outgoing_mail": """(
        SELECT m.*, CASE WHEN m.state = 'wachtend' THEN j.available_at END AS next_attempt_at
        FROM outgoing_mail m LEFT JOIN job j ON j.id = m.id
    ) AS outgoing_mail""",
    "location": """(
        SELECT l.*, s.score, s.risk_class, s.extra_inspection, s.scored_at::date AS scored_on,
               m.model_version
        FROM location l JOIN location_score s ON s.location_id = l.id
        JOIN risk_model m ON m.id = s.model_id AND m.state = 'actief'
    ) AS location""",
    "rebuild": """(
        SELECT id, parameters ->> 'projection' AS projection, step, done, total, requested_by,
               requested_at, coalesce(finished_at, requested_at) AS seen_at, started_at,
               finished_at, error,
               CASE state WHEN 'wacht' THEN 'aangevraagd' WHEN 'geannuleerd' THEN 'mislukt'
                    ELSE state END AS state
        FROM job WHERE kind = 'herbouw' AND requested_by <> 'bijwerken van het schema'
    ) AS rebuild""",
    "month_close": """(
        SELECT month, closed_at, closed_by, lines, minutes FROM period
        WHERE state = 'gesloten' AND lines > 0
    ) AS month_close""",
}


async def _source(connection: asyncpg.Connection, table: str, names: Mapping[str, bool]) -> str:
    """Where the columns of then are now."""
    now = (await columns_of(connection)).get(table, {})
    return f'"{table}"' if now.keys() >= names.keys() else _AS_IT_WAS[table]


async def _held(connection: asyncpg.Connection, table: str, names: Mapping[str, bool]) -> Held:
    values = ", ".join(f'"{name}"' for name in names)
    numbers = [name for name, numeric in names.items() if numeric]
    sums = "".join(f', coalesce(sum("{name}"), 0)::text' for name in numbers)
    source = await _source(connection, table, names)
    row = await connection.fetchrow(f"""
        SELECT count(*), md5(coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), '')){sums}
        FROM (SELECT ROW({values})::text AS line, * FROM {source}) AS t
    """)
    assert row is not None
    return Held(row[0], row[1], dict(zip(numbers, row[2:], strict=True)))

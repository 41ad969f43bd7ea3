"""The second wall: PostgreSQL shows a caller its own rows, and lets nobody change what stays."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from deploy.services import spec_of
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.query import Query
from shared.messaging.publishing import publisher_for
from shared.settings import SERVICES, Settings
from tests.support.databases import FreshDatabase, as_owner

OURS, OTHER = Sight.of(["gm0153"]), Sight.of(["gm0164"])
BOTH, NOBODY = Sight.of(["gm0153", "gm0164"]), Sight.of([])
SEEN = Query(str, text("SELECT coalesce(participant, '-') FROM location ORDER BY 1"))
ADD = text("""
INSERT INTO location (id, participant, number, version, name, lon, lat, active)
VALUES (:id, :participant, 'L', 1, '', 0, 0, true)
""")
MOVE = text("UPDATE location SET number = 'X' RETURNING participant")
# Facts, and who looked at what: rows are added, never changed or removed.
KEPT = {
    "intake": (
        *("processing", "timeline_entry", "document"),
        *("complaint_act", "contact_moment", "inspection_request"),
    ),
    "enforcement": ("position", "measure_act"),
    "risk": ("fact", "score"),
    "reporting": ("hours_history", "document", "budget_line", "kpi_measurement"),
}
# Facts of which a state, or what they are linked to, is filled in later: nothing else of them.
DECIDED = {"version", "confirmed", "activated_by", "activated_at"}
ADOPTED = {"version", "state", "adopted_by", "adopted_on", "decision_reference"}
FILLED_IN = {
    ("enforcement", "finding"): {"violation_id"},
    ("enforcement", "forfeiture"): {"prescribes_on", "collected_on", "paid_on"},
    ("enforcement", "term"): {"stopped_on"},
    ("reporting", "hour_line"): {"state", "settlement_id", "case_id"},
    ("reporting", "budget"): DECIDED,
    ("reporting", "settlement_run"): ADOPTED,
    ("reporting", "settlement"): ADOPTED,
}
# State that changes, of things that facts refer to.
THERE_FOR_GOOD = {
    "intake": ("complaint", "incident"),
    "enforcement": ("inspection", "violation", "measure", "mandate", "matrix"),
    "risk": ("location", "risk_model"),
    "reporting": ("period", "week_sheet", "tariff", "norm", "sharing_key", "parameter"),
}
PERSONAL = """
SELECT c.table_name, t.relrowsecurity,
       (SELECT count(*) FROM pg_policies AS p WHERE p.tablename = c.table_name) AS policies
FROM information_schema.columns AS c JOIN pg_class AS t ON t.oid = c.table_name::regclass
WHERE c.table_schema = 'public' AND c.column_name = 'participant' AND t.relkind = 'r'
"""


@pytest.fixture(scope="module")
async def url(fresh_database: FreshDatabase) -> str:
    return await fresh_database("enforcement")


@pytest.fixture
async def database(url: str, server_settings: Settings) -> AsyncIterator[Database]:
    """One connection, which everybody who looks gets in turn."""
    publisher = publisher_for(spec_of("enforcement"), server_settings)
    opened = await Database.open(url, publisher=publisher, size=1)
    await as_owner(opened.pool, "TRUNCATE location CASCADE")
    async with opened.work("test", sight=Sight.ALL) as work:
        for participant in ("gm0153", "gm0164", None):
            await work.execute(ADD, id=uuid4(), participant=participant)
    yield opened
    await opened.close()


async def seen(database: Database, sight: Sight) -> list[str]:
    async with database.read(sight) as rows:
        read = await rows.all(SEEN)
    async with database.work("test", sight=sight) as work:
        assert await work.all(SEEN) == read
    return read


async def broken(database: Database, sight: Sight) -> None:
    async with database.work("test", sight=sight) as work:
        await work.all(SEEN)
        await work.all(text("SELECT 1 / 0"))


async def ended(database: Database) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        await work.all(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def add(database: Database, participant: str | None) -> None:
    async with database.work("test", sight=OURS) as work:
        await work.execute(ADD, id=uuid4(), participant=participant)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_with_a_participant_is_protected(
    service: str, fresh_database: FreshDatabase
) -> None:
    connection = await asyncpg.connect(await fresh_database(service))
    found = await connection.fetch(PERSONAL)
    await connection.close()
    assert found
    assert [row for row in found if not row["relrowsecurity"] or row["policies"] != 2] == []


async def test_a_statement_that_forgets_to_ask_gives_the_caller_s_own_rows(
    database: Database,
) -> None:
    for sight, expected in (
        (Sight.ALL, ["-", "gm0153", "gm0164"]),
        (OURS, ["gm0153"]),
        (OTHER, ["gm0164"]),
        (BOTH, ["gm0153", "gm0164"]),
        (NOBODY, []),
        (Sight.of(["gm0153,gm0164", '"}{', "*"]), []),
    ):
        assert await seen(database, sight) == expected


async def test_a_connection_is_told_again_whatever_happened_to_it(database: Database) -> None:
    """A rollback takes back what a transaction set; a broken statement, nothing."""
    for before, after in product((Sight.ALL, OURS, NOBODY), repeat=2):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await broken(database, before)
        assert (await seen(database, after)) == {
            Sight.ALL: ["-", "gm0153", "gm0164"],
            OURS: ["gm0153"],
            NOBODY: [],
        }[after]


async def test_a_connection_that_was_cancelled_or_ended_shows_no_more(database: Database) -> None:
    async def sleep(sight: Sight) -> None:
        async with database.work("test", sight=sight) as work:
            await work.all(text("SELECT pg_sleep(5)"))

    sleeping = asyncio.create_task(sleep(Sight.ALL))
    await asyncio.sleep(0.1)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    assert await seen(database, OURS) == ["gm0153"]
    with pytest.raises(asyncpg.PostgresError):
        await ended(database)
    assert await seen(database, OURS) == ["gm0153"]


async def test_a_limited_caller_writes_its_own_rows_alone(database: Database) -> None:
    async with database.work("test", sight=OURS) as work:
        moved = await work.all(MOVE)
    assert [row["participant"] for row in moved] == ["gm0153"]
    await add(database, "gm0153")
    for participant in ("gm0164", None):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await add(database, participant)


@pytest.mark.parametrize(("service", "table"), [(s, t) for s, ts in KEPT.items() for t in ts])
async def test_what_is_kept_cannot_be_changed_or_removed(
    service: str, table: str, fresh_database: FreshDatabase
) -> None:
    connection = await asyncpg.connect(await fresh_database(service))
    column = await connection.fetchval(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 "
        "AND is_identity = 'NO' AND is_generated = 'NEVER'",
        table,
    )
    for role in ("all", "some"):
        await connection.execute(f"SET ROLE vth_{service}_{role}")
        await connection.execute(f"SELECT FROM {table}")
        change = f"UPDATE {table} SET {column} = {column}"
        await _require_refused(connection, change, f"DELETE FROM {table}", f"TRUNCATE {table}")
    await connection.close()


@pytest.mark.parametrize(("service", "table"), sorted(FILLED_IN))
async def test_of_a_fact_only_what_is_computed_may_be_changed(
    service: str, table: str, fresh_database: FreshDatabase
) -> None:
    connection = await asyncpg.connect(await fresh_database(service))
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = $1"
    names = {row["column_name"] for row in await connection.fetch(columns, table)}
    for role in ("all", "some"):
        await connection.execute(f"SET ROLE vth_{service}_{role}")
        changed = set()
        for name in names:
            try:
                await connection.execute(f"UPDATE {table} SET {name} = {name}")
            except asyncpg.InsufficientPrivilegeError:
                continue
            changed.add(name)
        assert changed == FILLED_IN[service, table]
        await _require_refused(connection, f"DELETE FROM {table}", f"TRUNCATE {table}")
    await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_what_facts_refer_to_cannot_be_removed(
    service: str, fresh_database: FreshDatabase
) -> None:
    connection = await asyncpg.connect(await fresh_database(service))
    for table, role in product(THERE_FOR_GOOD[service], ("all", "some")):
        await connection.execute(f"SET ROLE vth_{service}_{role}")
        column = "state" if table == "period" else "version"
        await connection.execute(f"UPDATE {table} SET {column} = {column}")
        await _require_refused(connection, f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE")
    await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_service_owns_nothing_and_has_no_rights_of_its_own(
    service: str, fresh_database: FreshDatabase
) -> None:
    connection = await asyncpg.connect(await fresh_database(service))
    owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = session_user"
    assert await connection.fetchval(owned) == 0
    await _require_refused(
        connection,
        "CREATE TABLE ours (id int)",
        "ALTER TABLE outbox DISABLE ROW LEVEL SECURITY",
        "UPDATE alembic_version SET version_num = '0000'",
    )
    await connection.execute("SET ROLE none")
    await _require_refused(connection, "SELECT FROM outbox")
    await connection.close()


async def test_what_was_published_stays(fresh_database: FreshDatabase) -> None:
    connection = await asyncpg.connect(await fresh_database("events"))
    await connection.execute("SELECT FROM event_log")
    await _require_refused(
        connection,
        *("UPDATE event_log SET key = ''", "DELETE FROM event_log", "TRUNCATE event_log"),
    )
    await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_rebuild_owns_its_projections_and_nothing_else(
    service: str, fresh_database: FreshDatabase
) -> None:
    declared = {table.name for each in spec_of(service).projections for table in each.tables}
    connection = await asyncpg.connect(await fresh_database(service))
    owned = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE tableowner = $1", f"vth_{service}_projection"
    )
    await connection.close()
    assert {row["tablename"] for row in owned} == declared


async def _require_refused(connection: asyncpg.Connection, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

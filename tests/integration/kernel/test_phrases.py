"""The function that looks for a phrase as the owner of the tables shows nobody a row too many."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from deploy.services import spec_of
from services.enforcement.locations.tables import SAID, location
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.phrases import said
from shared.db.query import Query
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from tests.support.databases import FreshDatabase, as_owner
from tests.support.waiting import until

PLACES = {participant: uuid4() for participant in ("gm0153", "gm0164", None)}
PHRASE = "%fabriek%"
ADD = text("""
INSERT INTO location (id, participant, number, version, name, lon, lat, active)
VALUES (:id, :participant, 'L', 1, 'Koekfabriek', 0, 0, true)
""")
SCANS = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'location_search'"
OF_ROLES = """
SELECT p.proname, r.rolname FROM pg_proc AS p, pg_roles AS r
WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
  AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
  AND (r.rolname LIKE 'vth%' OR r.rolname = 'pg_read_all_data') ORDER BY 1, 2
"""


@pytest.fixture
async def database(
    fresh_database: FreshDatabase, server_settings: Settings
) -> AsyncIterator[Database]:
    """One connection, which everybody who looks gets in turn."""
    url = await fresh_database("enforcement")
    publisher = publisher_for(spec_of("enforcement"), server_settings)
    opened = await Database.open(url, publisher=publisher, size=1)
    async with opened.work("test", sight=Sight.ALL) as work:
        for participant, identity in PLACES.items():
            await work.execute(ADD, id=identity, participant=participant)
    yield opened
    await opened.close()


async def found(database: Database, sight: Sight, phrase: str = PHRASE, most: int = 9) -> set[UUID]:
    query = Query(UUID, said(location, SAID, most, everyone=sight.everyone))
    async with database.read(sight) as rows:
        return set(await rows.all(query, phrase=phrase))


@pytest.mark.parametrize(
    ("sight", "participants"),
    [
        (Sight.ALL, ["gm0153", "gm0164", None]),
        (Sight.of(["gm0153"]), ["gm0153"]),
        (Sight.of(["gm0164"]), ["gm0164"]),
        (Sight.of(["gm0153", "gm0164"]), ["gm0153", "gm0164"]),
        (Sight.of(["gm9999"]), []),
        (Sight.of([]), []),
    ],
)
async def test_it_finds_what_the_caller_may_see(
    database: Database, sight: Sight, participants: list[str | None]
) -> None:
    assert await found(database, sight) == {PLACES[each] for each in participants}
    assert await found(database, sight, "%bakker%") == set()
    assert len(await found(database, sight, most=1)) == min(len(participants), 1)


async def test_who_is_not_told_for_whom_it_works_finds_nothing(database: Database) -> None:
    async with database.pool.acquire() as session:
        await session.execute("SET role = 'vth_enforcement_some'")
        for participants in ("", "{}"):
            await session.execute("SELECT set_config('vth.participants', $1, false)", participants)
            assert await session.fetch("SELECT location_said($1, 9)", PHRASE) == []


async def test_a_table_of_the_caller_is_not_read_instead(database: Database) -> None:
    """What the caller made in its own session would be read with the rights of the owner."""
    async with database.pool.acquire() as session:
        await session.execute("SET role = 'vth_enforcement_some'")
        await session.execute("SELECT set_config('vth.participants', '{gm0153}', false)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute("CREATE TEMPORARY TABLE location (id uuid)")
        await session.execute("SET search_path = pg_temp, public")
        rows = await session.fetch("SELECT public.location_said($1, 9)", PHRASE)
        assert [row[0] for row in rows] == [PLACES["gm0153"]]
        await session.execute("RESET search_path")


async def test_only_who_sees_rows_of_some_participants_may_ask(database: Database) -> None:
    found = await database.pool.fetch(OF_ROLES)
    # The owner is who it belongs to; the login may take either role on.
    assert {tuple(row) for row in found} == {
        ("location_said", "vth_enforcement_owner"),
        ("location_said", "vth_enforcement_some"),
    }


async def test_the_index_answers_it(database: Database) -> None:
    fill = """
    INSERT INTO location (id, participant, number, version, name, lon, lat, active)
    SELECT gen_random_uuid(), 'gm0153', 'L-' || n, 1, md5(n::text), 0, 0, true
    FROM generate_series(1, 20000) AS n
    """
    await as_owner(database.pool, fill, "VACUUM ANALYZE location")
    before = await database.pool.fetchval(SCANS)
    assert await found(database, Sight.of(["gm0153"])) == {PLACES["gm0153"]}

    async def was_scanned() -> bool:
        await database.pool.execute("SELECT pg_stat_force_next_flush()")
        return bool(await database.pool.fetchval(SCANS) > before)

    await until(was_scanned)

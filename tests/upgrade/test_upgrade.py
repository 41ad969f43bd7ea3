"""An installation of each earlier release goes to today's version with every row and figure."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import asyncpg
import httpx2
import pytest

from deploy import databases, web
from deploy.services import spec_of
from deploy.worker import Part, run_worker
from shared.auth.issuer import BY_SUBJECT, issue
from shared.db import seeds
from shared.messaging.operations import group_of
from shared.rebuild.foreground import run_rebuild
from shared.settings import SERVICES, Settings
from tests.support.catalog import catalog, differences
from tests.support.databases import FreshDatabase, Templates
from tests.support.releases import HELD, RELEASES, Columns, Held, columns_of, holdings, restore


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An installation that was upgraded, and what it held before."""

    settings: Settings
    columns: Mapping[str, Columns]
    before: Mapping[str, Mapping[str, Held]]

    async def connect(self, name: str) -> asyncpg.Connection:
        return await asyncpg.connect(databases.administration(self.settings, f"vth_{name}"))


# What the dump does not have: a letter that waits for its third attempt and one that failed,
# rebuilds that failed, were done and failed at last, and one that is still asked for.
PENDING = {
    "intake": """
    UPDATE outgoing_mail SET state = 'wachtend', attempts = 2, sent_at = NULL,
           last_error = 'geen antwoord', next_attempt_at = '2026-11-30 12:00+00'
    WHERE id = (SELECT id FROM outgoing_mail ORDER BY id LIMIT 1);
    UPDATE outgoing_mail SET state = 'mislukt', attempts = 6, sent_at = NULL,
           last_error = 'geweigerd', next_attempt_at = NULL
    WHERE id = (SELECT id FROM outgoing_mail ORDER BY id OFFSET 1 LIMIT 1);
    """,
    "enforcement": """
    INSERT INTO rebuild (id, projection, state, done, total, requested_by, requested_at, seen_at,
                         started_at, finished_at, error)
    SELECT gen_random_uuid(), 'locaties', r.state, 40, 40, 'beheer', r.day, r.day, r.day,
           CASE WHEN r.state <> 'loopt' THEN r.day END,
           CASE WHEN r.state = 'mislukt' THEN 'De schijf is vol.' END
    FROM (VALUES ('mislukt', TIMESTAMPTZ '2026-10-01 12:00+00'), ('klaar', '2026-10-02 12:00+00'),
                 ('mislukt', '2026-10-03 12:00+00')) AS r (state, day);
    """,
    "reporting": """
    INSERT INTO rebuild (id, projection, state, requested_by, requested_at, seen_at)
    VALUES (gen_random_uuid(), 'zaken', 'aangevraagd', 'beheer', '2026-10-01 12:00+00',
            '2026-10-01 12:00+00');
    """,
}


@pytest.fixture(scope="module", params=RELEASES)
async def upgraded(
    request: pytest.FixtureRequest, server_settings: Settings, templates: Templates
) -> AsyncIterator[Upgraded]:
    columns, before = {}, {}
    for name in HELD:
        await templates.empty(name, f"vth_{name}")
        url = databases.administration(server_settings, f"vth_{name}")
        await restore(request.param, name, url)
        connection = await asyncpg.connect(url)
        await connection.execute(PENDING.get(name, "SELECT"))
        columns[name] = await columns_of(connection)
        before[name] = await holdings(connection, columns[name])
        await connection.close()
        await databases.create(server_settings, [name])
        await databases.upgrade_async(name, url)
    for name in set(databases.DATABASES) - set(HELD):
        await templates.copy(name, f"vth_{name}")
    yield Upgraded(server_settings, columns, before)
    for name in databases.DATABASES:
        await templates.drop(server_settings.database_for(name))


def test_there_is_a_dump_of_the_first_installation() -> None:
    assert "f6ce7a2" in RELEASES


@pytest.mark.parametrize("name", HELD)
async def test_every_row_and_figure_is_there(upgraded: Upgraded, name: str) -> None:
    connection = await upgraded.connect(name)
    after = await holdings(connection, upgraded.columns[name])
    await connection.close()
    before = upgraded.before[name]
    assert sum(held.rows for held in before.values()) > 100
    assert {table: after[table] for table in before if after[table] != before[table]} == {}


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM hour_line WHERE id = (SELECT min(id::text)::uuid FROM hour_line)",
        "UPDATE hour_line SET minutes = minutes + 15",
        "UPDATE budget SET advance = advance + 0.01",
        "DELETE FROM hours_history",
    ],
)
async def test_what_an_upgrade_would_lose_is_seen(upgraded: Upgraded, harm: str) -> None:
    connection = await upgraded.connect("reporting")
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(harm)
    after = await holdings(connection, upgraded.columns["reporting"])
    assert after != upgraded.before["reporting"]
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize("name", HELD)
async def test_its_schema_is_that_of_a_new_installation(
    upgraded: Upgraded, name: str, fresh_database: FreshDatabase
) -> None:
    connection = await upgraded.connect(name)
    fresh = await asyncpg.connect(await fresh_database(name))
    assert differences(await catalog(connection), await catalog(fresh)) == []
    await connection.close()
    await fresh.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_its_seeds_are_those_of_a_new_installation(upgraded: Upgraded, service: str) -> None:
    files = seeds.read(databases.migrations_of(service).parent / "seeds")
    files += seeds.read(databases.EXAMPLES / service)
    connection = await upgraded.connect(service)
    outcomes = await seeds.put_in(connection, files)
    assert [each for each in outcomes if each.inserted or each.updated or each.kept] == []
    shipped = await connection.fetchval("SELECT count(*) FROM seed")
    assert shipped == sum(len(file.rows) for file in files)
    await connection.close()


async def test_a_corrected_seed_reaches_what_nobody_touched(upgraded: Upgraded) -> None:
    connection = await upgraded.connect("intake")
    (file,) = (
        each
        for each in seeds.read(databases.migrations_of("intake").parent / "seeds")
        if each.table == "cause"
    )
    first, second, *_ = (dict(row, name="Anders genoemd") for row in file.rows)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("UPDATE cause SET position = 99 WHERE code = $1", second["code"])
    changed = seeds.SeedFile("cause", ("code",), "s", "l", confirmed=False, rows=(first, second))
    (outcome,) = await seeds.put_in(connection, [changed])
    assert (outcome.updated, outcome.kept) == (1, (second["code"],))
    await transaction.rollback()
    await connection.close()


async def test_rebuilds_of_before_are_jobs(upgraded: Upgraded) -> None:
    found = {}
    for service in ("enforcement", "reporting"):
        connection = await upgraded.connect(service)
        rows = await connection.fetch(
            "SELECT state, result IS NOT NULL AS told, error FROM job WHERE kind = 'herbouw' "
            "AND requested_by = 'beheer' ORDER BY requested_at"
        )
        found[service] = [tuple(row) for row in rows]
        await connection.close()
    full = "De schijf is vol."
    assert found == {
        "enforcement": [
            ("geannuleerd", False, full),
            ("klaar", True, None),
            ("mislukt", False, full),
        ],
        "reporting": [("wacht", False, None)],
    }


async def _asked_for(upgraded: Upgraded, service: str) -> None:
    """Rebuild what a revision asked for, as the worker does when it starts."""
    spec = spec_of(service)
    connection = await upgraded.connect(service)
    asked = await connection.fetch(
        "UPDATE job SET state = 'klaar', finished_at = now() WHERE kind = 'herbouw' "
        "AND state = 'wacht' RETURNING parameters ->> 'projection' AS projection"
    )
    await connection.close()
    for projection in spec.projections:
        if projection.name in {row["projection"] for row in asked}:
            await run_rebuild(spec, upgraded.settings, projection, actor="test")


@pytest.mark.parametrize("service", SERVICES)
async def test_its_projections_are_made_anew_from_the_events_of_then(
    upgraded: Upgraded, service: str
) -> None:
    """Every event in the log of the old installation is read by the consumers of today."""
    spec = spec_of(service)
    await _asked_for(upgraded, service)
    for projection in spec.projections:
        connection = await upgraded.connect(service)
        columns = {
            table: names
            for table, names in (await columns_of(connection)).items()
            if table in {each.name for each in projection.tables}
        }
        before = await holdings(connection, columns)
        read = await run_rebuild(spec, upgraded.settings, projection, actor="test")
        assert read > 0 or not any(held.rows for held in before.values())
        assert await holdings(connection, columns) == before, projection.name
        await connection.close()


_WAITING = """
SELECT coalesce(sum(h.next_offset - p.next_offset), 1)
FROM event_position AS p JOIN event_head AS h USING (topic, partition)
WHERE p.group_name = $1
"""


@pytest.mark.parametrize("service", SERVICES)
async def test_its_events_are_read_again_from_the_first(upgraded: Upgraded, service: str) -> None:
    """A consumer that lost its place and its inbox parks nothing of what was published then."""
    log = await upgraded.connect(databases.EVENTS)
    await log.execute("DELETE FROM event_position WHERE group_name = $1", group_of(service))
    connection = await upgraded.connect(service)
    await connection.execute("TRUNCATE inbox")
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_worker(service, upgraded.settings, stop, frozenset({Part.CONSUMER})))
        for _ in range(200):
            await asyncio.sleep(0.1)
            if await log.fetchval(_WAITING, group_of(service)) == 0:
                break
        stop.set()
    assert await log.fetchval(_WAITING, group_of(service)) == 0
    assert await connection.fetchval("SELECT count(*) FROM inbox") > 100
    parked = await connection.fetch("SELECT type, error FROM parked_event")
    assert [dict(row) for row in parked] == []
    await connection.close()
    await log.close()


async def test_its_letters_that_waited_or_failed_are_jobs(upgraded: Upgraded) -> None:
    connection = await upgraded.connect("intake")
    found = await connection.fetch(
        "SELECT job.state, job.attempts, job.error, letter.state AS shown FROM job "
        "JOIN outgoing_mail AS letter USING (id) WHERE job.kind = 'brief' ORDER BY id"
    )
    await connection.close()
    assert [tuple(row) for row in found] == [
        ("wacht op nieuwe poging", 2, "geen antwoord", "wachtend"),
        ("mislukt", 6, "geweigerd", "mislukt"),
    ]


async def test_its_complainants_can_be_read(upgraded: Upgraded) -> None:
    """What was encrypted under the key of then opens with it now."""
    connection = await upgraded.connect("intake")
    complaint = await connection.fetchval(
        "SELECT complaint_id FROM reporter JOIN complaint ON complaint.id = complaint_id "
        "WHERE channel = 'telefoon' ORDER BY received_at DESC"
    )
    await connection.close()
    app = web.build(("intake",), upgraded.settings)
    token = issue(upgraded.settings, BY_SUBJECT["klachten"])
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
            answer = await client.get(
                f"/intake/v1/klachten/{complaint}/melder?doel=contact met de melder",
                headers={"Authorization": f"Bearer {token}"},
            )
    assert answer.json()["naam"] == "Voorbeeldmelder", answer.text

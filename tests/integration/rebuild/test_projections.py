"""Every projection of every service: rebuilt it is the same, and nothing else is touched."""

import asyncio
from typing import Any

import pytest

from deploy.services import spec_of
from shared.errors import Conflict
from shared.rebuild.filling import RebuildError
from shared.rebuild.foreground import run_rebuild
from shared.settings import SERVICES
from tests.integration.rebuild.conftest import PROJECTIONS, Town, stories
from tests.support.catalog import catalog, differences
from tests.support.databases import as_owner


async def rebuild(town: Town, service: str, name: str) -> int:
    projection = town.projection(service, name)
    return await run_rebuild(town.spec(service), town.settings, projection, actor="test")


@pytest.mark.parametrize("service", SERVICES)
def test_what_feeds_a_projection_is_consumed(service: str) -> None:
    spec = spec_of(service)
    names = [projection.name for projection in spec.projections]
    assert len(set(names)) == len(names)
    assert names, service
    for projection in spec.projections:
        assert set(projection.handlers) <= set(spec.consumers)


@pytest.mark.parametrize(("service", "name"), PROJECTIONS)
async def test_a_rebuilt_projection_is_the_same_and_all_it_touches(
    town: Town, service: str, name: str
) -> None:
    projection = town.projection(service, name)
    tables = [table.name for table in projection.tables]
    before, others = await town.rows(service, tables), await town.other_rows(service, projection)
    assert all(before.values()), before
    assert await rebuild(town, service, name) > 0
    assert await town.rows(service, tables) == before
    assert await town.other_rows(service, projection) == others


@pytest.mark.parametrize(("service", "name"), PROJECTIONS)
async def test_a_damaged_projection_is_repaired(town: Town, service: str, name: str) -> None:
    projection = town.projection(service, name)
    tables = [table.name for table in projection.tables]
    before = await town.rows(service, tables)
    pool = town.databases[service].pool
    for table in projection.tables:
        column = next(name for name in ("number", "case_number", "name") if name in table.c)
        key = table.primary_key.columns.keys()[0]
        some = f"SELECT {key} FROM {table.name} ORDER BY {key} LIMIT 2"
        # As the owner: the service itself may only add facts, and loses none.
        await as_owner(
            pool,
            f"DELETE FROM {table.name} WHERE {key} IN ({some})",
            f"UPDATE {table.name} SET {column} = 'kwijt'",
        )
    assert await town.rows(service, tables) != before
    await rebuild(town, service, name)
    assert await town.rows(service, tables) == before


@pytest.mark.parametrize("service", SERVICES)
async def test_the_schema_is_still_that_of_before(town: Town, service: str) -> None:
    async with town.databases[service].pool.acquire() as connection:
        before = await catalog(connection)
    for projection in town.spec(service).projections:
        await rebuild(town, service, projection.name)
    async with town.databases[service].pool.acquire() as connection:
        assert differences(before, await catalog(connection)) == []


@pytest.mark.parametrize(("service", "name"), [("risk", "feiten"), ("reporting", "zaken")])
async def test_rebuilt_under_load_it_is_what_the_stories_say(
    town: Town, service: str, name: str
) -> None:
    tables = [table.name for table in town.projection(service, name).tables]
    async with town.listening(service), asyncio.TaskGroup() as group:
        telling = group.create_task(_tell_more(town, service))
        rounds = 0
        while not telling.done() or rounds < 2:
            await rebuild(town, service, name)
            rounds += 1
    await town.hear()
    kept = await town.rows(service, tables)
    await rebuild(town, service, name)
    assert await town.rows(service, tables) == kept


async def _tell_more(town: Town, service: str) -> None:
    for seed in range(10, 18):
        await town.tell(*stories(12, SERVICES.index(service) * 100 + seed))
        await asyncio.sleep(0.05)


async def test_the_locations_are_scored_anew_from_the_rebuilt_facts(town: Town) -> None:
    risk = town.databases["risk"].pool
    since = "SELECT anew_since FROM risk_model WHERE state = 'actief'"
    before = await risk.fetchval("SELECT now()")
    await rebuild(town, "risk", "feiten")
    assert await risk.fetchval(since) > before


async def test_two_at_once_are_refused(town: Town) -> None:
    made = await asyncio.gather(
        *(rebuild(town, "intake", "locaties") for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in made].count(Conflict) == 2
    assert [type(each) for each in made].count(int) == 1


async def test_who_rebuilt_what_is_kept(town: Town) -> None:
    await rebuild(town, "enforcement", "locaties")
    (row,) = await town.jobs("enforcement")
    assert (row.kind, row.state, row.requested_by) == ("herbouw", "klaar", "test")
    assert row.description == "Herbouw: Locaties van risico"
    assert row.done == row.total > 0
    assert row.result == f"Opnieuw opgebouwd uit {row.done} gebeurtenissen."


async def test_with_the_log_away_it_waits_for_another_attempt(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> Any:
        raise OSError("no route to the log")

    with monkeypatch.context() as patched:
        patched.setattr("shared.messaging.replay.PostgresReplay.edges", away)
        with pytest.raises(RebuildError, match=r"niet bereikbaar.*probeert het opnieuw"):
            await rebuild(town, "enforcement", "locaties")
    (waiting,) = await town.jobs("enforcement")
    assert waiting.state == "wacht op nieuwe poging"
    # Who asks again does not wait for the worker: it is the same job.
    assert await rebuild(town, "enforcement", "locaties") > 0
    (row,) = await town.jobs("enforcement")
    assert (row.id, row.state, row.attempts) == (waiting.id, "klaar", 1)


async def test_what_cannot_be_done_has_failed_and_says_why(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.rebuild.rebuild.ROUNDS", 0)
    with pytest.raises(RebuildError, match="haalt de dienst niet in"):
        await rebuild(town, "enforcement", "locaties")
    (row,) = await town.jobs("enforcement")
    assert row.state == "mislukt"
    assert "haalt de dienst niet in" in (row.error or "")

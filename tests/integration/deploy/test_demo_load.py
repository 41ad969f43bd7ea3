"""The example data tell of the days until the load began, however often it is started again."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deploy.demo import files
from deploy.demo.load import day_of
from deploy.demo.world import build, places_of
from deploy.importer import engine
from deploy.importer.engine import Report
from deploy.services import spec_of
from services.reporting.tables import hour_line
from services.reporting.weeks.imports import IMPORT as HOURS
from services.risk.locations.imports import IMPORTS as OF_RISK
from shared.auth.sight import Sight
from shared.clock import SystemClock, local_date
from shared.db.database import Database
from shared.imports import ImportSpec
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from tests.support.databases import FreshDatabase, as_owner

(LOCATIONS,) = (spec for spec in OF_RISK if spec.kind == "locaties")
PLACES = 20
# The load was broken off in the middle of what is told of the last weeks.
TAKEN = 500
LATER = timedelta(days=7)


async def opened(service: str, url: str, settings: Settings) -> Database:
    return await Database.open(url, publisher=publisher_for(spec_of(service), settings), size=2)


@pytest.fixture(scope="module")
async def risk(fresh_database: FreshDatabase, server_settings: Settings) -> AsyncIterator[Database]:
    database = await opened("risk", await fresh_database("risk"), server_settings)
    yield database
    await database.close()


@pytest.fixture(scope="module")
async def reporting(
    fresh_database: FreshDatabase, server_settings: Settings
) -> AsyncIterator[Database]:
    database = await opened("reporting", await fresh_database("reporting"), server_settings)
    yield database
    await database.close()


async def taken(
    spec: ImportSpec, folder: Path, headers: tuple[str, ...], rows: list[files.Row], to: Database
) -> Report:
    path = files.write(folder, spec.kind, headers, rows)
    mapping = files.mapping(folder, spec.kind, headers)
    return await engine.run(engine.prepare(spec, path, mapping), to, lambda _: None)


def hour_rows(day: date) -> dict[object, files.Row]:
    """By their keys."""
    return {row[0]: row for row in files.hour_rows(build(day, places=PLACES), day)}


async def test_a_load_that_is_started_again_on_a_later_day_corrects_no_hours(
    risk: Database, reporting: Database, tmp_path: Path
) -> None:
    today = local_date(SystemClock().now())
    assert await day_of(risk) == today
    places = list(files.location_rows(places_of(PLACES)))
    assert (await taken(LOCATIONS, tmp_path, files.LOCATIONS, places, risk)).new == PLACES
    begun = today - LATER
    await as_owner(risk.pool, f"UPDATE imported_row SET imported_at = '{begun} 12:00+00'")
    first = list(hour_rows(begun).values())[-2 * TAKEN :]
    broken_off = await taken(HOURS, tmp_path, files.HOURS, first[:TAKEN], reporting)
    assert (broken_off.new, broken_off.refused) == (TAKEN, [])
    day = await day_of(risk)
    assert day == begun
    # As of today the lines under those keys would have been others.
    others = hour_rows(today)
    assert [others[row[0]] for row in first[:TAKEN]] != first[:TAKEN]
    told = list(hour_rows(day).values())[-2 * TAKEN :]
    again = await taken(HOURS, tmp_path, files.HOURS, told, reporting)
    assert (again.new, again.unchanged, again.changed, again.refused) == (TAKEN, TAKEN, 0, [])
    async with reporting.read(Sight.ALL) as rows:
        count = await rows.value(select(func.count()).select_from(hour_line))
        back = select(func.count()).select_from(hour_line).where(hour_line.c.minutes < 0)
        assert (count, await rows.value(back)) == (2 * TAKEN, 0)

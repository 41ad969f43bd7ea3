"""A database from before the feed: the revision makes what is missing and says what is gone."""

from collections.abc import AsyncIterator

import pytest

from deploy import databases
from services.risk.main import SPEC
from shared.db.database import Database
from shared.errors import Gone
from shared.service import publisher_for
from shared.settings import Settings
from shared.webhooks import feed
from shared.webhooks.feed import Wanted
from tests.integration.webhooks.conftest import publish, settled
from tests.support.databases import Templates


@pytest.fixture
async def before_url(templates: Templates) -> AsyncIterator[str]:
    """The database of risk as it was before there was a feed."""
    url = await templates.empty("risk", "vth_risk_before")
    await databases.upgrade_async("risk", url, "0001")
    yield url
    await templates.drop(url)


@pytest.fixture
async def before(before_url: str, server_settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(before_url, publisher=publisher_for(SPEC, server_settings))
    yield database
    await database.close()


async def test_an_existing_database_gets_its_feed(before: Database, before_url: str) -> None:
    await publish(before, 5)
    await before.pool.execute("DELETE FROM outbox WHERE seq <= 2")
    await databases.upgrade_async("risk", before_url)
    async with before.pool.acquire() as session:
        await settled(session)
    async with before.read() as rows:
        found = await feed.page(rows, Wanted(), after=None, most=10)
        assert [event.seq for event in found.events] == [3, 4, 5]
        with pytest.raises(Gone):
            await feed.page(rows, Wanted(), after=1, most=10)
    await before.pool.execute("DELETE FROM outbox WHERE seq <= 4")
    async with before.read() as rows:
        assert await feed.start(rows) == 4


async def test_an_existing_database_without_events_starts_at_its_end(
    before: Database, before_url: str
) -> None:
    await publish(before, 3)
    await before.pool.execute("DELETE FROM outbox")
    await databases.upgrade_async("risk", before_url)
    async with before.read() as rows:
        assert await feed.start(rows) == 3
        assert await feed.end(rows) == 3

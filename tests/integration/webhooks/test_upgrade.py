"""A database from before the feed: the migration makes what is missing and says what is gone."""

import pytest

from deploy import databases
from shared.db.database import Database
from shared.errors import Gone
from shared.webhooks import feed
from shared.webhooks.feed import Wanted
from tests.integration.webhooks.conftest import publish, settled

BEFORE = """
DROP TRIGGER outbox_purged ON outbox;
DROP TABLE subscription_attempt, subscription, event_feed;
UPDATE alembic_version SET version_num = '0001'
"""


async def test_an_existing_database_gets_its_feed(risk: Database, risk_url: str) -> None:
    await publish(risk, 5)
    await risk.pool.execute("DELETE FROM outbox WHERE seq <= 2")
    await risk.pool.execute(BEFORE)
    await databases.upgrade_async("risk", risk_url)
    async with risk.pool.acquire() as session:
        await settled(session)
    async with risk.read() as rows:
        found = await feed.page(rows, Wanted(), after=None, most=10)
        assert [event.seq for event in found.events] == [3, 4, 5]
        with pytest.raises(Gone):
            await feed.page(rows, Wanted(), after=1, most=10)
    await risk.pool.execute("DELETE FROM outbox WHERE seq <= 4")
    async with risk.read() as rows:
        assert await feed.start(rows) == 4


async def test_an_existing_database_without_events_starts_at_its_end(
    risk: Database, risk_url: str
) -> None:
    await publish(risk, 3)
    await risk.pool.execute("DELETE FROM outbox")
    await risk.pool.execute(BEFORE)
    await databases.upgrade_async("risk", risk_url)
    async with risk.read() as rows:
        assert await feed.start(rows) == 3
        assert await feed.end(rows) == 3

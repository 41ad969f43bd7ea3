"""A database from before the feed: the migration makes what is missing and says what is gone."""

from collections.abc import AsyncIterator

import pytest

from deploy import databases
from services.risk.main import SPEC
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.errors import Gone
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from shared.webhooks import feed
from shared.webhooks.feed import Wanted
from tests.integration.webhooks.conftest import publish, settled
from tests.support.databases import Templates

OLD_SUBSCRIPTIONS = """
INSERT INTO subscription (id, owner, name, callback_url, participants, state, position, changed_by)
VALUES (gen_random_uuid(), 'a', 'iedereen', 'https://a.nl', NULL, 'actief', 7, 'a'),
       (gen_random_uuid(), 'a', 'beeindigd', 'https://a.nl', NULL, 'beeindigd', 7, 'a'),
       (gen_random_uuid(), 'a', 'enschede', 'https://a.nl', '{gm0153}', 'actief', 7, 'a')
"""


@pytest.fixture
async def risk_url(templates: Templates) -> AsyncIterator[str]:
    """A database from before the feed."""
    url = await templates.empty("risk", "vth_risk_before_feed")
    await databases.upgrade_async("risk", url, "0001")
    yield url
    await templates.drop(url)


@pytest.fixture
async def risk(risk_url: str, server_settings: Settings) -> AsyncIterator[Database]:
    """Seen by the superuser: before the last revision the service itself has no rights."""
    url = databases.administration(server_settings, "vth_risk_before_feed")
    database = await Database.open(url, publisher=publisher_for(SPEC, server_settings))
    yield database
    await database.close()


async def test_an_existing_database_gets_its_feed(risk: Database, risk_url: str) -> None:
    await publish(risk, 5)
    await risk.pool.execute("DELETE FROM outbox WHERE seq <= 2")
    await databases.upgrade_async("risk", risk_url)
    async with risk.pool.acquire() as session:
        await settled(session)
    async with risk.read(Sight.ALL) as rows:
        found = await feed.page(rows, Wanted(Sight.ALL), after=None, most=10)
        assert [event.seq for event in found.events] == [3, 4, 5]
        with pytest.raises(Gone):
            await feed.page(rows, Wanted(Sight.ALL), after=1, most=10)
    await risk.pool.execute("DELETE FROM outbox WHERE seq <= 4")
    async with risk.read(Sight.ALL) as rows:
        assert await feed.start(rows) == 4


async def test_an_existing_database_without_events_starts_at_its_end(
    risk: Database, risk_url: str
) -> None:
    await publish(risk, 3)
    await risk.pool.execute("DELETE FROM outbox")
    await databases.upgrade_async("risk", risk_url)
    async with risk.read(Sight.ALL) as rows:
        assert await feed.start(rows) == 3
        assert await feed.end(rows) == 3


async def test_a_subscription_without_participants_waits_for_who_may_see_all(
    risk: Database, risk_url: str
) -> None:
    """NULL stood for all, and for a caller without participants too: nobody knows which."""
    await databases.upgrade_async("risk", risk_url, "0002")
    await risk.pool.execute(OLD_SUBSCRIPTIONS)
    await databases.upgrade_async("risk", risk_url)
    rows = await risk.pool.fetch(
        "SELECT name, everyone, participants, state, position FROM subscription ORDER BY name"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("beeindigd", True, [], "beeindigd", 7),
        ("enschede", False, ["gm0153"], "actief", 7),
        ("iedereen", True, [], "opgeschort", 7),
    ]

"""The database of a service with events in its outbox, and who moves its feed."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from deploy import web
from services.risk.main import SPEC
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.sight import Sight
from shared.contracts.risk import RiskScored
from shared.db.database import Database
from shared.messaging.publishing import publisher_for
from shared.service import open_database
from shared.settings import SERVICES, Settings
from shared.webhooks.visibility import Step, Visibility
from tests.support.databases import FreshDatabase, as_owner
from tests.support.sample_service import scored
from tests.support.sessions import use_tokens

PAYLOAD = b"{}"


@pytest.fixture(scope="module")
async def risk_url(fresh_database: FreshDatabase) -> str:
    """The database of risk, for one module."""
    return await fresh_database("risk")


@pytest.fixture
async def risk(risk_url: str, server_settings: Settings) -> AsyncIterator[Database]:
    """The database of risk without events or subscriptions."""
    database = await Database.open(risk_url, publisher=publisher_for(SPEC, server_settings))
    await as_owner(database.pool, "TRUNCATE outbox, subscription, subscription_attempt")
    await as_owner(database.pool, "ALTER SEQUENCE outbox_seq_seq RESTART")
    await database.pool.execute("UPDATE event_feed SET decided = 0, purged = 0")
    yield database
    await database.close()


@pytest.fixture
async def session(risk: Database) -> AsyncIterator[asyncpg.Connection]:
    """A session as the process has it that moves the feed."""
    async with risk.pool.acquire() as connection:
        yield connection


async def publish(
    database: Database, count: int = 1, *, participant: str | None = None
) -> list[UUID]:
    """Publish scores of so many locations, each in a commit of its own."""
    locations = [uuid4() for _ in range(count)]
    for location in locations:
        async with database.work("test", sight=Sight.ALL) as work:
            work.publish(score(location, participant))
    return locations


def score(location: UUID, participant: str | None = None) -> RiskScored:
    """A score of a location."""
    return scored(location).model_copy(update={"participant": participant})


async def settled(session: asyncpg.Connection, visibility: Visibility | None = None) -> None:
    """Move the end of what is decided until it rests."""
    visibility = visibility or Visibility()
    while await visibility.step(session) is not Step.AT_REST:
        continue


@pytest.fixture(scope="module")
async def client(platform_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the web process with all services on empty databases."""
    app = web.build(SERVICES, platform_settings)
    async with app.router.lifespan_context(app):
        use_tokens(app, platform_settings)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
            yield client


@pytest.fixture(scope="module")
async def served(
    client: httpx2.AsyncClient, platform_settings: Settings
) -> AsyncIterator[Database]:
    """The database of risk that the client's web process reads."""
    database = await open_database(SPEC, platform_settings)
    yield database
    await database.close()


def bearer(settings: Settings, user: str) -> dict[str, str]:
    """The header of an example user."""
    return {"Authorization": f"Bearer {issue(settings, BY_SUBJECT[user])}"}

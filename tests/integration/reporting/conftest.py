"""The reporting service on a database of its own, with a client per example user."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from services.reporting.consumers import CONSUMERS
from services.reporting.main import create_app
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.contracts.base import Event
from shared.db.database import Database
from shared.ids import new_id
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.sessions import use_tokens

# A Wednesday; the week is 2026-W48.
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)

Client = Callable[[str], httpx2.AsyncClient]


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="module")
async def app(
    server_settings: Settings, fresh_database: FreshDatabase, clock: FixedClock
) -> AsyncIterator[FastAPI]:
    url = await fresh_database("reporting")

    class Here(Settings):
        def database_for(self, service: str) -> str:
            return url

    app = create_app(Here(**server_settings.model_dump()))
    async with app.router.lifespan_context(app):
        use_tokens(app, app.state.settings)
        app.state.db.clock = clock
        yield app


@pytest.fixture(scope="module")
def db(app: FastAPI) -> Database:
    database: Database = app.state.db
    return database


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """A client of the API and the pages, signed in as the named example user; "" is nobody."""
    made: dict[str, httpx2.AsyncClient] = {}
    platform = Starlette(routes=[Mount("/reporting", app)])

    def of(subject: str) -> httpx2.AsyncClient:
        if subject not in made:
            made[subject] = each = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(platform, raise_app_exceptions=False),
                base_url="http://vth.test",
            )
            if subject:
                token = issue(app.state.settings, BY_SUBJECT[subject])
                each.headers["Authorization"] = f"Bearer {token}"
                each.cookies.set(SESSION_COOKIE, token)
        return made[subject]

    yield of
    for each in made.values():
        await each.aclose()


Tell = Callable[..., Any]


@pytest.fixture(scope="module")
def tell(db: Database) -> Tell:
    """Hand events of other services to the consumer, in one unit of work."""

    async def told(*events: Event, ids: list[UUID] | None = None) -> None:
        async with db.work(actor="test", sight=Sight.ALL) as work:
            for number, event in enumerate(events):
                identity = str(ids[number] if ids else new_id())
                envelope = Envelope(
                    id=identity, source="urn:test", type=event.type, data=b"{}", time=NOW
                )
                await CONSUMERS[type(event)]([Delivery(event, envelope)], work)
                await work.flush()

    return told


def is_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    return body

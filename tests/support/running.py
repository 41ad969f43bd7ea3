"""A service that runs on a database of its own inside the test, and what is done to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import MetaData, select

from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.pages import SESSION_COOKIE
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.contracts.base import Event
from shared.db.database import Database
from shared.db.rows import Row
from shared.ids import new_id
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.messaging.tables import messaging_tables
from shared.settings import Settings
from tests.support.sessions import use_tokens

R = TypeVar("R", bound="Running")

# Every service has a table of this shape.
OUTBOX: Final = messaging_tables(MetaData()).outbox


@dataclass(frozen=True, slots=True)
class Running:
    """The service, with clients and its consumers at hand."""

    app: FastAPI
    settings: Settings
    clock: FixedClock

    @property
    def db(self) -> Database:
        db: Database = self.app.state.db
        return db

    def client(self, user: str | ExampleUser | None) -> httpx2.AsyncClient:
        """A client of this user; None is nobody."""
        headers = {"sec-fetch-site": "same-origin"}
        cookies = {}
        if user is not None:
            known = user if isinstance(user, ExampleUser) else BY_SUBJECT[user]
            token = issue(self.settings, known)
            headers["Authorization"] = f"Bearer {token}"
            cookies[SESSION_COOKIE] = token
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://test",
            headers=headers,
            cookies=cookies,
        )

    async def deliver(self, *events: Event) -> list[UUID]:
        """What the worker does with events of one type; gives their ids."""
        deliveries = [Delivery(event, envelope_of(event)) for event in events]
        async with self.db.work("test", sight=Sight.ALL) as work:
            await self.app.state.consumers[type(events[0])](deliveries, work)
        return [delivery.envelope.event_id for delivery in deliveries]

    async def rows(self, statement: Any, **params: Any) -> Sequence[Row]:
        async with self.db.read(Sight.ALL) as reader:
            return await reader.all(statement, **params)

    async def types_about(self, subject: UUID | str) -> list[str]:
        """The short names of the events that were published about something, in order."""
        found = await self.rows(
            select(OUTBOX.c.type).where(OUTBOX.c.aggregateid == str(subject)).order_by(OUTBOX.c.seq)
        )
        return [row["type"].rpartition(".")[2] for row in found]


def envelope_of(event: Event) -> Envelope:
    return Envelope(id=str(new_id()), source="urn:test", type=event.type, data=b"{}")


class _OnDatabase(Settings):
    """Settings that send a service to the database of a test module."""

    own_url: str = ""

    def database_for(self, service: str) -> str:
        return self.own_url


@asynccontextmanager
async def running(
    kind: type[R], create_app: Any, settings: Settings, url: str, now: datetime
) -> AsyncIterator[R]:
    """The service of `create_app` on the database at `url`, with a clock that stands still."""
    own = _OnDatabase(**{**settings.model_dump(), "own_url": url})
    app: FastAPI = create_app(own)
    async with app.router.lifespan_context(app):
        use_tokens(app, own)
        clock = FixedClock(now)
        app.state.db.clock = clock
        yield kind(app, own, clock)

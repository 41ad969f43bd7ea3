"""A running risk service on its own database, and what a test needs to talk to it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from services.risk import consumers, tables
from services.risk.main import create_app
from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted, InspectionKind, ViolationEstablished
from shared.contracts.intake import ComplaintLinked
from shared.db.database import Database
from shared.db.rows import Row
from shared.ids import new_id
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.sessions import use_tokens

E = TypeVar("E", bound=Event)

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
BODY: dict[str, Any] = {
    "naam": "Galvano Voorbeeld",
    "deelnemer": "gm0153",
    "geometrie": {"type": "Point", "coordinates": [6.893, 52.22]},
    "adres": {"straatnaam": "Havenweg", "huisnummer": "1", "woonplaats": "Enschede"},
    "activiteiten": ["3.4.4", "3.2.9"],
}


@dataclass(frozen=True, slots=True)
class Risk:
    """The service, with clients and hands inside."""

    app: FastAPI
    settings: Settings
    clock: FixedClock

    @property
    def db(self) -> Database:
        db: Database = self.app.state.db
        return db

    def client(self, user: str | ExampleUser) -> httpx2.AsyncClient:
        who = BY_SUBJECT[user] if isinstance(user, str) else user
        token = issue(self.settings, who)
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}", "sec-fetch-site": "same-origin"},
            cookies={"vth_sessie": token},
        )

    async def deliver(self, *events: Event) -> list[UUID]:
        """What the worker does with events of one type; gives their ids."""
        deliveries = [Delivery(event, _envelope(event)) for event in events]
        async with self.db.work("test", sight=Sight.ALL) as work:
            await consumers.CONSUMERS[type(events[0])](deliveries, work)
        return [delivery.envelope.event_id for delivery in deliveries]

    async def rows(self, statement: Any, **params: Any) -> Sequence[Row]:
        async with self.db.read(Sight.ALL) as reader:
            return await reader.all(statement, **params)

    async def published(self, kind: type[Event], about: str) -> int:
        """How many events of a kind were published about a location."""
        outbox = tables.messaging.outbox
        statement = select(func.count()).where(
            outbox.c.type == kind.type, outbox.c.aggregateid == about
        )
        async with self.db.read(Sight.ALL) as reader:
            return int(await reader.value(statement))

    async def told(self, kind: type[E], about: str) -> list[E]:
        """The events of a kind that were published about a location, in order."""
        outbox = tables.messaging.outbox
        statement = (
            select(outbox.c.payload)
            .where(outbox.c.type == kind.type, outbox.c.aggregateid == about)
            .order_by(outbox.c.seq)
        )
        async with self.db.read(Sight.ALL) as reader:
            rows = await reader.all(statement)
        return [kind.model_validate_json(row["payload"]) for row in rows]


def _envelope(event: Event) -> Envelope:
    return Envelope(id=str(new_id()), source="urn:test", type=event.type, data=b"{}")


class _OwnDatabase(Settings):
    """Settings that send risk to the database of this test module."""

    risk_url: str = ""

    def database_for(self, service: str) -> str:
        return self.risk_url


@pytest.fixture(scope="module")
async def risk(fresh_database: FreshDatabase, server_settings: Settings) -> AsyncIterator[Risk]:
    url = await fresh_database("risk")
    settings = _OwnDatabase(**{**server_settings.model_dump(), "risk_url": url})
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        use_tokens(app, settings)
        clock = FixedClock(NOW)
        app.state.db.clock = clock
        yield Risk(app, settings, clock)


@pytest.fixture
async def planner(risk: Risk) -> AsyncIterator[httpx2.AsyncClient]:
    risk.clock.instant = NOW
    async with risk.client("planner") as client:
        yield client


async def registered(client: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A new location, as the API gives it."""
    response = await client.post("/v1/locaties", json={**BODY, **changes})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def explained(client: httpx2.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    """The score of a location with its explanation."""
    response = await client.get(f"/v1/locaties/{made['id']}/risicoscore")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def inspected(made: dict[str, Any], **changes: Any) -> InspectionCompleted:
    values: dict[str, Any] = {
        "version": 2,
        "participant": "gm0153",
        "location_id": UUID(made["id"]),
        "number": "C-2026-000001",
        "inspection_id": new_id(),
        "kind": InspectionKind.PERIODIC,
        "completed_on": NOW.date(),
        "findings": 1,
        "violations": 0,
    }
    return InspectionCompleted(**{**values, **changes})


def found_violation(made: dict[str, Any], **changes: Any) -> ViolationEstablished:
    values: dict[str, Any] = {
        "version": 1,
        "participant": "gm0153",
        "location_id": UUID(made["id"]),
        "number": "O-2026-000001",
        "violation_id": new_id(),
        "inspection_id": new_id(),
        "established_on": NOW.date(),
        "nature": "geur",
    }
    return ViolationEstablished(**{**values, **changes})


def linked(made: dict[str, Any], **changes: Any) -> ComplaintLinked:
    values: dict[str, Any] = {
        "version": 2,
        "participant": "gm0153",
        "location_id": UUID(made["id"]),
        "complaint_id": new_id(),
        "incident_id": new_id(),
        "number": "K-2026-000001",
        "category": "geur",
        "received_at": NOW,
    }
    return ComplaintLinked(**{**values, **changes})

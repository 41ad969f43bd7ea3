"""A running risk service on its own database, and what a test needs to talk to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from services.risk import tables
from services.risk.main import create_app
from shared.auth.sight import Sight
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted, InspectionKind, ViolationEstablished
from shared.contracts.intake import ComplaintLinked
from shared.ids import new_id
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.running import Running, running

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
class Risk(Running):
    """The service, and what it publishes about a location."""

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


@pytest.fixture(scope="module")
async def risk(fresh_database: FreshDatabase, server_settings: Settings) -> AsyncIterator[Risk]:
    url = await fresh_database("risk")
    async with running(Risk, create_app, server_settings, url, NOW) as service:
        yield service


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

"""The enforcement service on a database of its own, with clients, a clock and hands inside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import httpx2
import pytest

from services.enforcement.main import create_app
from shared.contracts.base import Address, Place
from shared.contracts.intake import InspectionRequested, Urgency
from shared.contracts.reporting import ParticipantRegistered
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.running import Running, running

TODAY = date(2026, 11, 24)
# Before what the tests of several doors decide.
ESTABLISHED = date(2026, 11, 3)
VIOLATED = "niet akkoord, voorschriften overtreden"
COMPLIANT = "voorschriften nageleefd"


@dataclass(frozen=True, slots=True)
class Enforcement(Running):
    """The service, and the locations that it knows."""

    published = Running.types_about

    def at(self, day: date) -> None:
        """Move the clock to noon of a day."""
        self.clock.instant = datetime.combine(day, time(11), UTC)

    async def location(self, **changes: Any) -> LocationRegistered:
        """A location that enforcement knows."""
        event = a_location(**changes)
        await self.deliver(event)
        return event


def a_location(**changes: Any) -> LocationRegistered:
    values: dict[str, Any] = {
        "version": 1,
        "participant": "gm0153",
        "location_id": new_id(),
        "number": f"L-{new_id()}",
        "name": "Voorbeeldfabriek",
        "address": Address(street="Havenstraat", house_number="1", postcode="7511AB"),
        "place": Place(coordinates=(6.894, 52.2217)),
        "activities": ("3.2.1",),
        "active": True,
    }
    return LocationRegistered(**{**values, **changes})


def a_request(location_id: UUID, **changes: Any) -> InspectionRequested:
    values: dict[str, Any] = {
        "version": 2,
        "participant": "gm0153",
        "incident_id": new_id(),
        "incident_number": "I-2026-000001",
        "category": "geur",
        "location_id": location_id,
        "request_id": new_id(),
        "urgency": Urgency.HIGH,
        "complaints": 3,
        "requested_at": datetime(2026, 11, 24, 9, tzinfo=UTC),
    }
    return InspectionRequested(**{**values, **changes})


def a_participant(**changes: Any) -> ParticipantRegistered:
    values: dict[str, Any] = {
        "version": 1,
        "participant": "gm0153",
        "name": "Enschede",
        "joined_on": date(2013, 1, 1),
    }
    return ParticipantRegistered(**{**values, **changes})


@pytest.fixture(scope="module")
async def enforcement(
    fresh_database: FreshDatabase, server_settings: Settings
) -> AsyncIterator[Enforcement]:
    url = await fresh_database("enforcement")
    noon = datetime.combine(TODAY, time(11), UTC)
    async with running(Enforcement, create_app, server_settings, url, noon) as service:
        await service.deliver(a_participant(), a_participant(participant="gm0164", name="Hengelo"))
        yield service


@pytest.fixture
async def inspector(enforcement: Enforcement) -> AsyncIterator[httpx2.AsyncClient]:
    enforcement.at(TODAY)
    async with enforcement.client("toezicht") as client:
        yield client


@pytest.fixture
async def lawyer(enforcement: Enforcement) -> AsyncIterator[httpx2.AsyncClient]:
    enforcement.at(TODAY)
    async with enforcement.client("jurist") as client:
        yield client


def problem(response: httpx2.Response, status: int, *words: str) -> dict[str, Any]:
    """The body of a refusal, checked for what all refusals have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    for word in words:
        assert word in body["detail"], body
    return body


def ok(response: httpx2.Response, status: int = 200) -> dict[str, Any]:
    """The body of an answer that was not refused."""
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


def version(response: httpx2.Response) -> dict[str, str]:
    """The If-Match header for what was just read."""
    return {"If-Match": response.headers["etag"]}


async def inspected(
    client: httpx2.AsyncClient,
    location_id: UUID,
    *results: str,
    on: date | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A completed inspection with a finding for each result."""
    body = {"soort": "periodieke controle", "locatieId": str(location_id), **changes}
    planned = ok(await client.post("/v1/controles", json=body), 201)
    return await carried_out(client, planned["id"], *results, on=on)


async def carried_out(
    client: httpx2.AsyncClient, identity: str, *results: str, on: date | None = None
) -> dict[str, Any]:
    """Findings, and completion, today unless told otherwise."""
    for result in results:
        finding = {"controleOnderwerp": "geur", "resultaat": result, "gevolg": "3", "gedrag": "C"}
        ok(await client.post(f"/v1/controles/{identity}/bevindingen", json=finding), 201)
    read = await client.get(f"/v1/controles/{identity}")
    day = {"uitvoeringsdatum": on.isoformat()} if on else {}
    done = await client.post(f"/v1/controles/{identity}/afronding", json=day, headers=version(read))
    return ok(done)


async def established(client: httpx2.AsyncClient, location_id: UUID, on: date | None = None) -> str:
    """A violation that an inspection established, today unless told otherwise."""
    done = await inspected(client, location_id, VIOLATED, on=on)
    identity: str = done["bevindingen"][0]["overtredingId"]
    return identity


async def positioned(client: httpx2.AsyncClient, violation_id: str, **changes: Any) -> None:
    """A violation with its place: B3, unless told otherwise."""
    read = await client.get(f"/v1/overtredingen/{violation_id}")
    body = {"gevolg": "3", "gedrag": "B", **changes}
    url = f"/v1/overtredingen/{violation_id}/positioneringen"
    ok(await client.post(url, json=body, headers=version(read)), 201)


ORDER: dict[str, Any] = {
    "handhavingsinstrument": "last onder dwangsom",
    "last": {"wijze": "bedrag ineens", "bedrag": "5000.00", "maximum": "5000.00"},
    "begunstigingsdagen": 14,
    "herstelmaatregelen": "Breng een afzuiging aan.",
}


async def chosen(client: httpx2.AsyncClient, violation_id: str, **changes: Any) -> dict[str, Any]:
    """A measure that was chosen."""
    read = await client.get(f"/v1/overtredingen/{violation_id}")
    url = f"/v1/overtredingen/{violation_id}/handhavingsmaatregelen"
    return ok(await client.post(url, json={**ORDER, **changes}, headers=version(read)), 201)


async def act(
    client: httpx2.AsyncClient, measure_id: str, what: str, **body: Any
) -> httpx2.Response:
    """A step of a measure, in its present version."""
    read = await client.get(f"/v1/handhavingsmaatregelen/{measure_id}")
    url = f"/v1/handhavingsmaatregelen/{measure_id}/{what}"
    return await client.post(url, json=body, headers=version(read))

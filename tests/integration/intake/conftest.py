"""A running intake service on its own database, and what a test needs to talk to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from services.intake.letters.sending import letters
from services.intake.main import create_app
from shared.auth.issuer import ExampleUser
from shared.contracts.base import Address, Place
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from shared.jobs.runner import JobRunner
from shared.mail import Letter, Mailer, MailError
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.running import Running, running

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
ENSCHEDE = (6.8937, 52.2215)

COMPLAINT: dict[str, Any] = {
    "categorie": "geur",
    "omschrijving": "Een zoete chemische lucht, sinds vanmorgen.",
    "kanaal": "telefoon",
    "geometrie": {"type": "Point", "coordinates": [6.8940, 52.2217]},
    "signaaltijdstip": "2026-11-24T09:00:00+01:00",
    "melder": {
        "naam": "J. Voorbeeld",
        "emailadres": "j@example.nl",
        "telefoonnummer": "0612345678",
    },
    "terugkoppelingGewenst": True,
}


@dataclass(frozen=True, slots=True)
class Intake(Running):
    """The service, and how its browser and its officer reach it."""

    published = Running.types_about

    def site(self, user: str | None = None) -> httpx2.AsyncClient:
        """A browser: it keeps cookies by their path, so the service stands under its own."""
        site = Starlette(routes=[Mount("/intake", self.app)])
        client = self.client(user)
        client._transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
        client.base_url = httpx2.URL("http://test/intake")
        return client

    def client(self, user: str | ExampleUser | None = "klachten") -> httpx2.AsyncClient:
        return Running.client(self, user)

    async def location(self, **changes: Any) -> LocationRegistered:
        """A location that intake knows."""
        event = a_location(**changes)
        await self.deliver(event)
        return event


async def work_off(intake: Intake, mailer: Mailer) -> int:
    """Let a worker send the letters that are due; how many it tried."""
    tried: list[Letter] = []

    class Counting:
        async def send(self, letter: Letter) -> None:
            tried.append(letter)
            await mailer.send(letter)

    kind = letters(lambda _: Counting())
    await JobRunner("intake", intake.db, [kind], intake.settings, intake.app.state.kit).run_due()
    return len(tried)


async def fail_letter(intake: Intake, complaint_id: str, why: str) -> UUID:
    """Let the letter about a complaint fail for good; its id."""

    class Refusing:
        async def send(self, letter: Letter) -> None:
            raise MailError(why, final=True)

    found = "SELECT id FROM outgoing_mail WHERE complaint_id = $1"
    identity: UUID = await intake.db.pool.fetchval(found, UUID(complaint_id))
    await work_off(intake, Refusing())
    return identity


def a_location(**changes: Any) -> LocationRegistered:
    lon, lat = changes.pop("at", ENSCHEDE)
    values: dict[str, Any] = {
        "version": 1,
        "participant": "gm0153",
        "location_id": new_id(),
        "number": "L-2026-000001",
        "name": "Voorbeeldfabriek",
        "address": Address(street="Havenstraat", house_number="1", postcode="7511AB"),
        "place": Place(coordinates=(lon, lat)),
        "activities": ("3.2.1",),
        "active": True,
    }
    return LocationRegistered(**{**values, **changes})


@pytest.fixture(scope="module")
async def intake(fresh_database: FreshDatabase, server_settings: Settings) -> AsyncIterator[Intake]:
    url = await fresh_database("intake")
    async with running(Intake, create_app, server_settings, url, NOW) as service:
        yield service


@pytest.fixture
async def officer(intake: Intake) -> AsyncIterator[httpx2.AsyncClient]:
    intake.clock.instant = NOW
    async with intake.client() as client:
        yield client


def problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    """The body of a refusal, checked for what all refusals have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["detail"]
    return body


async def receive(client: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A complaint that was taken in."""
    response = await client.post("/v1/klachten", json={**COMPLAINT, **changes})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def change(
    client: httpx2.AsyncClient, taken: dict[str, Any], what: str, body: Any = None
) -> httpx2.Response:
    """A change of a complaint, in the version that was seen."""
    url = f"/v1/klachten/{taken['id']}/{what}"
    headers = {"If-Match": f'"{taken["versie"]}"'}
    if body is None:
        return await client.post(url, headers=headers)
    return await client.post(url, json=body, headers=headers)


async def linked(
    client: httpx2.AsyncClient, place: LocationRegistered, **changes: Any
) -> dict[str, Any]:
    taken = await receive(client, **changes)
    response = await change(client, taken, "koppeling", {"locatieId": str(place.location_id)})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body

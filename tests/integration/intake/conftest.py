"""A running intake service on its own database, and what a test needs to talk to it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount

from services.intake.consumers import CONSUMERS
from services.intake.letters.sending import letters
from services.intake.main import create_app
from services.intake.tables import messaging
from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.contracts.base import Address, Event, Place
from shared.contracts.risk import LocationRegistered
from shared.db.database import Database
from shared.db.rows import Row
from shared.ids import new_id
from shared.jobs.runner import JobRunner
from shared.mail import Letter, Mailer, MailError
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.settings import Settings
from tests.support.databases import FreshDatabase
from tests.support.sessions import use_tokens

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
class Intake:
    """The service, with clients and hands inside."""

    app: FastAPI
    settings: Settings
    clock: FixedClock

    @property
    def db(self) -> Database:
        db: Database = self.app.state.db
        return db

    def site(self, user: str | None = None) -> httpx2.AsyncClient:
        """A browser: it keeps cookies by their path, so the service stands under its own."""
        site = Starlette(routes=[Mount("/intake", self.app)])
        client = self.client(user)
        client._transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
        client.base_url = httpx2.URL("http://test/intake")
        return client

    def client(self, user: str | ExampleUser | None = "klachten") -> httpx2.AsyncClient:
        headers = {"sec-fetch-site": "same-origin"}
        cookies = {}
        if user is not None:
            known = user if isinstance(user, ExampleUser) else BY_SUBJECT[user]
            token = issue(self.settings, known)
            headers["Authorization"] = f"Bearer {token}"
            cookies["vth_sessie"] = token
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://test",
            headers=headers,
            cookies=cookies,
        )

    async def deliver(self, *events: Event) -> None:
        """What the worker does with events of one type."""
        async with self.db.work("test", sight=Sight.ALL) as work:
            handler = CONSUMERS[type(events[0])]
            await handler([Delivery(event, _envelope(event)) for event in events], work)

    async def rows(self, statement: Any, **params: Any) -> Sequence[Row]:
        async with self.db.read(Sight.ALL) as reader:
            return await reader.all(statement, **params)

    async def published(self, subject: UUID | str) -> list[str]:
        """The short names of the events about something, in order."""
        found = await self.rows(
            select(messaging.outbox.c.type)
            .where(messaging.outbox.c.aggregateid == str(subject))
            .order_by(messaging.outbox.c.seq)
        )
        return [row["type"].rpartition(".")[2] for row in found]

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


def _envelope(event: Event) -> Envelope:
    return Envelope(id=str(new_id()), source="urn:test", type=event.type, data=b"{}")


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
    settings = _OwnDatabase(**{**server_settings.model_dump(), "intake_url": url})
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        use_tokens(app, settings)
        clock = FixedClock(NOW)
        app.state.db.clock = clock
        yield Intake(app, settings, clock)


class _OwnDatabase(Settings):
    """Settings that send intake to the database of this test module."""

    intake_url: str = ""

    def database_for(self, service: str) -> str:
        return self.intake_url


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

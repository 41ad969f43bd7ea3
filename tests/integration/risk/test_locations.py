"""Locations over HTTP and by events, on a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from services.risk import consumers, tables
from services.risk.importing import LocationRow, store
from services.risk.main import create_app
from shared.auth.issuer import BY_SUBJECT, issue
from shared.clock import local_date
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted, InspectionKind, ViolationEstablished
from shared.contracts.intake import ComplaintLinked
from shared.contracts.risk import LocationRegistered, RiskScored
from shared.ids import new_id
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.settings import Settings

BODY: dict[str, Any] = {
    "naam": "Galvano Voorbeeld",
    "deelnemer": "gm0153",
    "geometrie": {"type": "Point", "coordinates": [6.893, 52.22]},
    "adres": {"straatnaam": "Havenweg", "huisnummer": "1", "woonplaats": "Enschede"},
    "activiteiten": ["3.4.4", "3.2.9"],
}


@pytest.fixture(scope="module")
async def app(platform_settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(platform_settings)
    async with app.router.lifespan_context(app):
        yield app


def client_for(app: FastAPI, user: str) -> httpx2.AsyncClient:
    token = issue(app.state.settings, BY_SUBJECT[user])
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://vth.test",
        headers={"Authorization": f"Bearer {token}"},
        cookies={"vth_sessie": token},
    )


@pytest.fixture(scope="module")
async def planner(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_for(app, "planner") as client:
        yield client


async def published(app: FastAPI, kind: type[Event]) -> int:
    async with app.state.db.read() as rows:
        statement = select(func.count()).where(tables.messaging.outbox.c.type == kind.type)
        return int(await rows.value(statement))


async def tell(app: FastAPI, event: Event) -> None:
    envelope = Envelope(
        id=new_id(), source="urn:x", type=event.type, time=datetime.now(UTC),
        subject=str(event.subject), key=str(event.key), data=b"{}", topic="x",
    )  # fmt: skip
    async with app.state.db.work() as work:
        await consumers.CONSUMERS[type(event)]([Delivery(event, envelope)], work)


async def registered(client: httpx2.AsyncClient) -> dict[str, Any]:
    response = await client.post("/v1/locaties", json=BODY)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_location_is_registered_scored_and_told(
    app: FastAPI, planner: httpx2.AsyncClient
) -> None:
    before = await published(app, LocationRegistered), await published(app, RiskScored)
    made = await registered(planner)
    assert made["risicoklasse"] in {"laag", "midden", "hoog"}
    assert made["score"] > 0
    assert await published(app, LocationRegistered) == before[0] + 1
    assert await published(app, RiskScored) == before[1] + 1
    found = await planner.get(f"/v1/locaties/{made['id']}")
    assert found.headers["etag"] == '"1"'
    in_rd = await planner.get(
        f"/v1/locaties/{made['id']}",
        headers={"Accept-Crs": "http://www.opengis.net/def/crs/EPSG/0/28992"},
    )
    x, y = in_rd.json()["geometrie"]["coordinates"]
    assert 257_000 < x < 259_000
    assert 470_000 < y < 472_000


async def test_an_inspection_and_a_violation_rescore_at_once(
    app: FastAPI, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    url = f"/v1/locaties/{made['id']}/risicoscore"
    first = (await planner.get(url)).json()
    assert first["nooitGecontroleerd"] is True
    common = {"version": 1, "location_id": UUID(made["id"]), "participant": "gm0153"}
    inspection_id = new_id()
    completed = InspectionCompleted(
        **common, number="C-1", inspection_id=inspection_id, kind=InspectionKind.INCIDENT,
        completed_on=local_date(datetime.now(UTC)), findings=2, violations=1,
    )  # fmt: skip
    await tell(app, completed)
    seen = (await planner.get(url)).json()
    assert seen["termen"][2]["waarde"] == 0
    await tell(app, ViolationEstablished(
        **common, number="O-1", violation_id=new_id(), inspection_id=inspection_id,
        established_on=local_date(datetime.now(UTC)), nature="geur",
    ))  # fmt: skip
    worse = (await planner.get(url)).json()
    assert worse["termen"][1]["waarde"] > seen["termen"][1]["waarde"]
    history = (await planner.get(f"/v1/locaties/{made['id']}/scorehistorie")).json()["resultaten"]
    assert [entry["aanleiding"] for entry in history][:2] == [
        "overtreding geconstateerd",
        "controle uitgevoerd",
    ]


async def test_a_linked_complaint_is_counted_and_moves_with_its_link(
    app: FastAPI, planner: httpx2.AsyncClient
) -> None:
    here, there = await registered(planner), await registered(planner)
    complaint = {
        "complaint_id": new_id(), "number": "K-1", "category": "geur",
        "received_at": datetime.now(UTC), "incident_id": new_id(), "participant": "gm0153",
    }  # fmt: skip
    for version, place in ((2, here), (3, there)):
        await tell(
            app, ComplaintLinked(**complaint, version=version, location_id=UUID(place["id"]))
        )
    counts = [
        (await planner.get(f"/v1/locaties/{place['id']}/risicoscore")).json()["klachtenOntvangen"]
        for place in (here, there)
    ]
    assert counts == [0, 1]
    timeline = (await planner.get(f"/v1/locaties/{there['id']}/tijdlijn")).json()["resultaten"]
    assert any("Klacht K-1" in entry["wat"] for entry in timeline)


async def test_a_participant_sees_only_its_own(app: FastAPI, planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    async with client_for(app, "hengelo") as hengelo:
        assert (await hengelo.get(f"/v1/locaties/{made['id']}")).status_code == 404
        assert (await hengelo.get("/v1/locaties")).json()["resultaten"] == []
        assert (await hengelo.post("/v1/locaties", json=BODY)).status_code == 403


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"geometrie": {"type": "Point", "coordinates": [2.35, 48.85]}}, "geometrie.coordinates.0"),
        ({"activiteiten": ["3.99.9"]}, "activiteiten"),
        ({"deelnemer": "Enschede"}, "deelnemer"),
        ({"actief": "ja"}, "actief"),
    ],
)
async def test_a_wrong_field_is_named(
    planner: httpx2.AsyncClient, change: dict[str, Any], name: str
) -> None:
    response = await planner.post("/v1/locaties", json={**BODY, **change})
    assert response.status_code in {400, 409}
    assert name in {param["name"] for param in response.json()["invalidParams"]}


async def test_a_model_needs_another_pair_of_eyes(
    app: FastAPI, planner: httpx2.AsyncClient
) -> None:
    found = (await planner.get("/v1/risicomodellen")).json()["resultaten"][0]
    assert found["vastgesteld"] is False
    body = {"modelversie": "twee", "omschrijving": "Proef", "parameters": found["parameters"]}
    made = await planner.post("/v1/risicomodellen", json=body)
    url = f"/v1/risicomodellen/{made.json()['id']}/activering"
    decision, version = {"besluitkenmerk": "DB 2026-1"}, {"If-Match": '"1"'}
    assert (await planner.post(url, json=decision, headers=version)).status_code == 409
    async with client_for(app, "beheer") as other:
        activated = await other.post(url, json=decision, headers=version)
        assert activated.json()["status"] == "actief"


async def test_an_import_is_idempotent_and_names_what_it_refuses(app: FastAPI) -> None:
    rows = [
        LocationRow(
            source_key=f"S{n}", name="Boerderij", participant="gm1774", lon="6.9", lat="52.37"
        )
        for n in range(3)
    ]
    rows.append(LocationRow(source_key="S9", name="Zonder plaats", participant="gm1774"))
    async with app.state.db.work() as work:
        rejections = await store(rows, work)
    assert [(r.source_key, "plaats" in r.reason) for r in rejections] == [("S9", True)]
    told = await published(app, LocationRegistered)
    async with app.state.db.work() as work:
        await store(rows, work)
    assert await published(app, LocationRegistered) == told


async def test_the_pages_answer(planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    page = await planner.get(f"/locaties/{made['id']}")
    assert page.status_code == 200, page.text[:2000]
    assert "Wat zou deze score veranderen" in page.text
    listed = await planner.get("/locaties?zoek=Galvano&risicoklasse=")
    assert listed.status_code == 200
    assert made["nummer"] or "Galvano" in listed.text
    assert (await planner.get(f"/fragmenten/locaties/{made['id']}")).status_code == 200

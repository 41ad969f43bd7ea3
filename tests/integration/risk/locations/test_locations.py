"""Locations over HTTP, on a real database."""

from typing import Any

import httpx2
import pytest

from services.risk.locations import store
from services.risk.locations.imports import LocationRow, correct_rows, store_rows
from shared.auth.sight import Sight
from shared.contracts.risk import LocationRegistered, RiskScored
from tests.integration.risk.conftest import BODY, Risk, inspected, registered

ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


async def test_a_location_is_registered_scored_and_told(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    assert made["risicoklasse"] in {"laag", "midden", "hoog"}
    assert made["score"] > 0
    assert made["kernactiviteit"] == "3.4.4"
    assert await risk.published(LocationRegistered, made["id"]) == 1
    assert await risk.published(RiskScored, made["id"]) == 1
    found = await planner.get(f"/v1/locaties/{made['id']}")
    assert found.headers["etag"] == '"1"'
    assert found.json() == made


@pytest.mark.parametrize("way", [{"headers": {"Accept-Crs": RD}}, {"params": {"crs": RD}}])
async def test_rd_is_given_on_request(planner: httpx2.AsyncClient, way: dict[str, Any]) -> None:
    made = await registered(planner)
    found = await planner.get(f"/v1/locaties/{made['id']}", **way)
    x, y = found.json()["geometrie"]["coordinates"]
    assert found.headers["content-crs"] == f"<{RD}>"
    assert 257_000 < x < 259_000
    assert 470_000 < y < 472_000


async def test_etrs89_is_given_with_latitude_first(planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    found = await planner.get(f"/v1/locaties/{made['id']}", headers={"Accept-Crs": ETRS89})
    assert found.headers["content-crs"] == f"<{ETRS89}>"
    assert found.json()["geometrie"]["coordinates"] == made["geometrie"]["coordinates"][::-1]


@pytest.mark.parametrize("path", ["/v1/locaties", "/v1/locaties/{id}"])
async def test_a_system_that_is_not_there_is_not_acceptable(
    planner: httpx2.AsyncClient, path: str
) -> None:
    made = await registered(planner)
    url, other = path.format(id=made["id"]), "http://www.opengis.net/def/crs/EPSG/0/3857"
    refused = await planner.get(url, headers={"Accept-Crs": other})
    assert refused.status_code == 406
    assert RD in refused.json()["detail"]
    assert (await planner.get(url, params={"crs": other})).status_code == 400
    both = await planner.get(url, headers={"Accept-Crs": other}, params={"crs": RD})
    assert both.status_code == 406


async def test_a_box_limits_the_list_in_every_system(planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    at = f"/v1/locaties/{made['id']}"
    lon, lat = made["geometrie"]["coordinates"]
    x, y = (await planner.get(at, headers={"Accept-Crs": RD})).json()["geometrie"]["coordinates"]

    async def found(a: float, b: float, d: float, **more: str) -> bool:
        box = ",".join(f"{value:.7f}" for value in (a - d, b - d, a + d, b + d))
        answer = await planner.get("/v1/locaties", params={"bbox": box, "limit": "200", **more})
        return made["id"] in {row["id"] for row in answer.json()["resultaten"]}

    for a, b, d, system in (
        (lon, lat, 0.001, {}),
        (lat, lon, 0.001, {"bboxCrs": ETRS89}),
        (x, y, 100.0, {"bboxCrs": RD}),
    ):
        assert await found(a, b, d, **system)
        assert not await found(a + 3 * d, b, d, **system)
        assert not await found(a, b - 3 * d, d, **system)
    # The whole world, and a box as large as the country.
    everywhere = {"bbox": "-180,-90,180,90"}
    assert (await planner.get("/v1/locaties", params=everywhere)).json()["resultaten"]


@pytest.mark.parametrize(
    "box", ["6.9,52.2,6.8,52.1", "6.8,52.1,6.9", "a,b,c,d", "6.8,-91,6.9,52", "1,2,3,4,5", ""]
)
async def test_a_box_of_another_form_is_refused(planner: httpx2.AsyncClient, box: str) -> None:
    refused = await planner.get("/v1/locaties", params={"bbox": box})
    assert refused.status_code == 400
    assert [param["name"] for param in refused.json()["invalidParams"]] == ["bbox"]


async def test_a_change_needs_the_version_that_was_seen(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    url = f"/v1/locaties/{made['id']}"
    lighter = {**BODY, "activiteiten": ["3.7.2"]}
    changed = await planner.put(url, json=lighter, headers={"If-Match": '"1"'})
    assert changed.headers["etag"] == '"2"'
    assert changed.json()["score"] < made["score"]
    assert await risk.published(LocationRegistered, made["id"]) == 2
    assert await risk.published(RiskScored, made["id"]) == 2
    again = await planner.put(url, json=lighter, headers={"If-Match": '"1"'})
    assert again.status_code == 412
    assert (await planner.put(url, json=lighter)).status_code == 400


async def test_an_idempotency_key_registers_once(planner: httpx2.AsyncClient) -> None:
    headers = {"Idempotency-Key": "locatie-1"}
    first = await planner.post("/v1/locaties", json=BODY, headers=headers)
    second = await planner.post("/v1/locaties", json=BODY, headers=headers)
    assert second.json()["id"] == first.json()["id"]
    other = await planner.post("/v1/locaties", json={**BODY, "naam": "Anders"}, headers=headers)
    assert other.status_code == 409


async def test_a_participant_sees_only_its_own(risk: Risk, planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    url = f"/v1/locaties/{made['id']}"
    async with risk.client("hengelo") as hengelo:
        for path in (url, f"{url}/risicoscore", f"{url}/scorehistorie", f"{url}/tijdlijn"):
            assert (await hengelo.get(path)).status_code == 404
        assert (await hengelo.get("/v1/locaties")).json()["resultaten"] == []
        plan = (await hengelo.get("/v1/toezichtprogramma?uren=1000")).json()
        assert plan["resultaten"] == []
        assert (await hengelo.post("/v1/locaties", json=BODY)).status_code == 403


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"geometrie": {"type": "Point", "coordinates": [2.35, 48.85]}}, 400,
         "geometrie.coordinates.0"),
        ({"activiteiten": ["3.99.9"]}, 409, "activiteiten"),
        ({"activiteiten": ["3.7.11"]}, 409, "activiteiten"),
        ({"kernactiviteit": "3.7.2"}, 409, "kernactiviteit"),
        ({"deelnemer": "Enschede"}, 400, "deelnemer"),
        ({"actief": "ja"}, 400, "actief"),
        ({"kleur": "rood"}, 400, "kleur"),
    ],
)  # fmt: skip
async def test_a_wrong_field_is_named(
    planner: httpx2.AsyncClient, change: dict[str, Any], status: int, name: str
) -> None:
    response = await planner.post("/v1/locaties", json={**BODY, **change})
    assert response.status_code == status
    assert name in {param["name"] for param in response.json()["invalidParams"]}


async def numbers(client: httpx2.AsyncClient, query: str) -> list[str]:
    response = await client.get(f"/v1/locaties?{query}")
    assert response.status_code == 200, response.text
    return [item["nummer"] for item in response.json()["resultaten"]]


async def test_the_list_is_filtered_and_sorted(risk: Risk, planner: httpx2.AsyncClient) -> None:
    there = {"type": "Point", "coordinates": [6.662, 52.357]}
    almelo = await registered(
        planner, naam="Zuivel 100% De Esch", deelnemer="gm0141", geometrie=there,
        activiteiten=["3.4.8"], adres={"straatnaam": "Parallelweg", "woonplaats": "Almelo"},
    )  # fmt: skip
    heavy = await registered(planner, naam="Aaa Chemie", activiteiten=["3.3.8"])
    await risk.deliver(inspected(almelo))
    mine = almelo["nummer"]
    assert await numbers(planner, "deelnemer=gm0141") == [mine]
    assert await numbers(planner, "activiteit=3.4.8") == [mine]
    assert await numbers(planner, "zoek=esch%20parallel") == [mine]
    assert await numbers(planner, "zoek=100%25%20de") == [mine]
    assert await numbers(planner, "zoek=1_0%25") == []
    assert await numbers(planner, f"zoek={mine}") == [mine]
    near = "lengtegraad=6.6625&breedtegraad=52.3571"
    assert await numbers(planner, f"{near}&afstand=200") == [mine]
    assert mine not in await numbers(planner, "nooitGecontroleerd=true&limit=200")
    assert (await numbers(planner, "limit=1"))[0] == heavy["nummer"]
    assert (await numbers(planner, "sorteer=naam&limit=1"))[0] == heavy["nummer"]
    assert (await numbers(planner, "sorteer=-laatste-controle&limit=1"))[0] == mine


@pytest.mark.parametrize("sort", ["-score", "score", "naam", "-naam", "laatste-controle"])
async def test_pages_together_are_the_whole_list(planner: httpx2.AsyncClient, sort: str) -> None:
    for n in range(3):
        await registered(planner, naam=f"Bedrijf {n}")
    whole = await numbers(planner, f"sorteer={sort}&limit=200")
    seen: list[str] = []
    url: str | None = f"/v1/locaties?sorteer={sort}&limit=2"
    while url:
        response = await planner.get(url)
        seen += [item["nummer"] for item in response.json()["resultaten"]]
        url = response.links.get("next", {}).get("url")
    assert seen == whole
    assert len(set(seen)) == len(seen)


async def test_a_cursor_of_another_list_is_refused(planner: httpx2.AsyncClient) -> None:
    for cursor in (
        "bm9uc2Vucw",
        "WyJcdTAwMDAiLCIwMThmMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEiXQ",
    ):
        for path in ("/v1/locaties?sorteer=naam&", "/v1/activiteiten?", "/v1/risicomodellen?"):
            response = await planner.get(f"{path}cursor={cursor}")
            assert response.status_code in {400, 404}, (path, response.text)


async def test_a_location_that_ended_leaves_the_list(planner: httpx2.AsyncClient) -> None:
    made = await registered(planner, actief=False, naam="Gesloten Voorbeeld")
    assert made["nummer"] not in await numbers(planner, "zoek=gesloten")
    assert made["nummer"] in await numbers(planner, "zoek=gesloten&actief=false")


async def test_the_activities_are_those_of_the_law(planner: httpx2.AsyncClient) -> None:
    codes: list[str] = []
    url: str | None = "/v1/activiteiten?limit=50"
    while url:
        response = await planner.get(url)
        found = response.json()["resultaten"]
        codes += [item["code"] for item in found]
        url = response.links.get("next", {}).get("url")
    assert len(codes) == 107
    assert codes.index("3.2.9") < codes.index("3.2.10") < codes.index("3.11.1")
    assert {item["toestandOp"] for item in found} == {"2026-01-01"}


async def test_an_import_is_idempotent_and_names_what_it_refuses(risk: Risk) -> None:
    good = {"name": "Boerderij", "participant": "gm1774", "lon": "6.9", "lat": "52.37"}
    rows = [LocationRow(source_key=f"S{n}", activities=("3.6.1",), **good) for n in range(3)]
    rows.append(LocationRow(source_key="S2", **good))
    rows.append(LocationRow(source_key="S8", activities=("3.77.1",), **good))
    rows.append(LocationRow(source_key="S9", name="Zonder plaats", participant="gm1774"))
    for _ in range(2):
        async with risk.db.work("test", sight=Sight.ALL) as work:
            rejections = await store_rows(rows, work)
        assert {r.source_key: r.reason.split()[0] for r in rejections} == {
            "S8": "activities:",
            "S9": "place:",
        }
    async with risk.client("planner") as planner:
        found = (await planner.get("/v1/locaties?deelnemer=gm1774")).json()["resultaten"]
    assert sorted(item["bronsleutel"] for item in found) == ["S0", "S1", "S2"]
    for item in found:
        (event,) = await risk.told(LocationRegistered, item["id"])
        assert event.source_key == item["bronsleutel"]


async def test_every_change_tells_the_key_of_the_source(risk: Risk) -> None:
    good = {"participant": "gm1774", "lon": "6.9", "lat": "52.37"}
    async with risk.db.work("test", sight=Sight.ALL) as work:
        await store_rows([LocationRow(source_key="bag/7", name="Stal", **good)], work)
    async with risk.db.work("test", sight=Sight.ALL) as work:
        changed = LocationRow(source_key="bag/7", name="Melkstal", **good)
        assert await correct_rows([changed], work) == []
        (kept,) = (await store.by_key(work, ["bag/7"])).values()
    events = await risk.told(LocationRegistered, str(kept.id))
    assert [(event.name, event.source_key) for event in events] == [
        ("Stal", "bag/7"),
        ("Melkstal", "bag/7"),
    ]

"""What does not fit is refused by its wire name, with the right status, and nothing is stored."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from services.enforcement.tables import finding, inspection, mandate, matrix, messaging, position
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    ORDER,
    VIOLATED,
    Enforcement,
    act,
    chosen,
    established,
    ok,
    positioned,
    problem,
    version,
)

TABLES = (inspection, finding, position, matrix, mandate, messaging.outbox)


async def stored(enforcement: Enforcement) -> list[int]:
    counted = [
        await enforcement.rows(select(func.count().label("n")).select_from(table))
        for table in TABLES
    ]
    return [int(rows[0]["n"]) for rows in counted]


def names(response: httpx2.Response, status: int) -> list[str]:
    return [param["name"] for param in problem(response, status)["invalidParams"]]


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"soort": "uitstapje"}, 400, "soort"),
        ({"locatieId": "geen kenmerk"}, 400, "locatieId"),
        ({"locatieId": str(new_id())}, 409, "locatieId"),
        ({"controledatum": "24-11-2026"}, 400, "controledatum"),
        ({"controledatum": "9999-12-31"}, 400, "controledatum"),
        ({"controledatum": "0001-01-01"}, 400, "controledatum"),
        ({"toelichting": "nul\x00teken"}, 400, "toelichting"),
        ({"toelichting": "x" * 3001}, 400, "toelichting"),
        ({"onbekendVeld": 1}, 400, "onbekendVeld"),
        ({"overtredingId": str(new_id())}, 409, "overtredingId"),
        ({"soort": "hercontrole"}, 409, "overtredingId"),
    ],
)
async def test_an_inspection(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    changes: dict[str, Any],
    status: int,
    field: str,
) -> None:
    place = await enforcement.location()
    before = await stored(enforcement)
    body = {"soort": "periodieke controle", "locatieId": str(place.location_id), **changes}
    response = await inspector.post("/v1/controles", json=body)
    assert any(name.startswith(field) for name in names(response, status))
    assert await stored(enforcement) == before


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"resultaat": "prima"}, 400, "resultaat"),
        ({"controleOnderwerp": "onzin"}, 409, "controleOnderwerp"),
        ({"controleOnderwerp": ""}, 400, "controleOnderwerp"),
        ({"gevolg": "5"}, 400, "gevolg"),
        ({"gevolg": 3}, 400, "gevolg"),
        ({"gedrag": "E"}, 400, "gedrag"),
        ({"nieuweOvertreding": "ja"}, 400, "nieuweOvertreding"),
    ],
)
async def test_a_finding(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    changes: dict[str, Any],
    status: int,
    field: str,
) -> None:
    place = await enforcement.location()
    body = {"soort": "periodieke controle", "locatieId": str(place.location_id)}
    planned = ok(await inspector.post("/v1/controles", json=body), 201)
    before = await stored(enforcement)
    found = {"controleOnderwerp": "geur", "resultaat": VIOLATED, **changes}
    response = await inspector.post(f"/v1/controles/{planned['id']}/bevindingen", json=found)
    assert field in names(response, status)
    assert await stored(enforcement) == before


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"handhavingsinstrument": "waarschuwing", "last": None}, 409, "redenAfwijking"),
        ({"begunstigingsdagen": -1}, 400, "begunstigingsdagen"),
        ({"begunstigingsdagen": 10**12}, 400, "begunstigingsdagen"),
        ({"begunstigingsdagen": "14"}, 400, "begunstigingsdagen"),
        ({"last": {**ORDER["last"], "bedrag": 5000}}, 400, "last.bedrag"),
        ({"last": {**ORDER["last"], "bedrag": "5000"}}, 400, "last.bedrag"),
        ({"last": {**ORDER["last"], "bedrag": "0.00"}}, 409, "last.bedrag"),
        ({"last": {**ORDER["last"], "maximum": "1.00"}}, 409, "last.maximum"),
        ({"last": {**ORDER["last"], "wijze": "per tijdseenheid"}}, 409, "last.tijdseenheid"),
    ],
)
async def test_a_measure(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    lawyer: httpx2.AsyncClient,
    changes: dict[str, Any],
    status: int,
    field: str,
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    before = await stored(enforcement)
    read = await lawyer.get(f"/v1/overtredingen/{found}")
    response = await lawyer.post(
        f"/v1/overtredingen/{found}/handhavingsmaatregelen",
        json={**ORDER, **changes},
        headers=version(read),
    )
    assert field in names(response, status)
    assert await stored(enforcement) == before


@pytest.mark.parametrize(
    ("day", "status"), [("0001-01-01", 400), ("9999-12-31", 400), ("2026-11-25", 409)]
)
async def test_a_decision_on_an_impossible_day(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    lawyer: httpx2.AsyncClient,
    day: str,
    status: int,
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found)
    before = await stored(enforcement)
    announced = await act(lawyer, measure["id"], "voornemen", besluitdatum=day)
    assert names(announced, status) == ["besluitdatum"]
    urgent = {"redenSpoed": "Acuut gevaar."}
    imposed = await act(lawyer, measure["id"], "oplegging", besluitdatum=day, **urgent)
    assert names(imposed, status) == ["besluitdatum"]
    assert await stored(enforcement) == before
    ok(await act(lawyer, measure["id"], "oplegging", **urgent))
    withdrawn = {"resultaat": "ingetrokken", "reden": "Nieuw inzicht.", "einddatum": day}
    ended = await act(lawyer, measure["id"], "beeindiging", **withdrawn)
    assert names(ended, status) == ["einddatum"]


async def test_publication_far_away_is_a_typing_error(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found, begunstigingsdagen=730)
    for day, status in (("9999-12-31", 400), ("2026-11-23", 409)):
        response = await act(
            lawyer, measure["id"], "oplegging", redenSpoed="Ja.", publicatiedatum=day
        )
        assert names(response, status) == ["publicatiedatum"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/v1/controles?cursor=onzin", 404),
        ("/v1/controles?cursor=WyJ4Il0", 404),
        ("/v1/controles?cursor=WzEsMl0", 404),
        ("/v1/overtredingen?cursor=Wzk5OTk5OTk5OTk5LCJ4Il0", 404),
        ("/v1/handhavingsmaatregelen?cursor=WyIyMDI2LTEzLTAxIiwieCJd", 404),
        ("/v1/termijnen?cursor=W1tdLFtdXQ", 404),
        ("/v1/mandaten?cursor=WzEsMl0", 404),
        ("/v1/controles?status=weg", 400),
        ("/v1/controles?limit=0", 400),
        ("/v1/overtredingen?cel=E9", 400),
        ("/v1/mandaten?deelnemer=enschede", 400),
    ],
)
async def test_a_query_that_does_not_fit(lawyer: httpx2.AsyncClient, url: str, status: int) -> None:
    """A cursor of another list leads to a page that does not exist."""
    problem(await lawyer.get(url), status)


async def test_lists_page_by_page_without_a_gap(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    for _ in range(3):
        found = await established(inspector, place.location_id)
        await positioned(lawyer, found)
        measure = await chosen(lawyer, found)
        ok(await act(lawyer, measure["id"], "oplegging", redenSpoed="Acuut gevaar."))
    for path in ("controles", "overtredingen", "handhavingsmaatregelen", "termijnen", "mandaten"):
        whole = ok(await lawyer.get(f"/v1/{path}?limit=200"))["resultaten"]
        seen: list[str] = []
        url: str | None = f"/v1/{path}?limit=2"
        while url:
            response = await lawyer.get(url)
            seen += [each["id"] for each in ok(response)["resultaten"]]
            following = response.links.get("next", {}).get("url")
            url = following.removeprefix("/enforcement") if following else None
        assert seen == [each["id"] for each in whole]
        assert len(seen) > 2


async def test_a_matrix_is_drawn_up_by_one_and_adopted_by_another(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    old = await established(inspector, place.location_id)
    await positioned(lawyer, old)
    async with enforcement.client("teamleider") as one, enforcement.client("beheer") as other:
        (active,) = ok(await one.get("/v1/lhso-matrices"))["resultaten"]
        cells = [{**cell, "geverifieerd": True} for cell in active["cellen"]]
        body = {"matrixversie": "lhso-2026", "omschrijving": "Vastgesteld", "cellen": cells}
        problem(await one.post("/v1/lhso-matrices", json={**body, "cellen": cells[1:]}), 400)
        doubled = [*cells[:15], cells[0]]
        refused = await one.post("/v1/lhso-matrices", json={**body, "cellen": doubled})
        assert names(refused, 409) == ["cellen"]
        drawn = await one.post("/v1/lhso-matrices", json=body)
        identity = ok(drawn, 201)["id"]
        problem(await one.post("/v1/lhso-matrices", json=body), 409)
        url = f"/v1/lhso-matrices/{identity}/activering"
        reference = {"besluitkenmerk": "DB 2026-11"}
        problem(await one.post(url, json=reference, headers=version(drawn)), 409, "vierogen")
        adopted = ok(await other.post(url, json=reference, headers=version(drawn)))
        assert (adopted["status"], adopted["label"]) == ("actief", None)
        states = [each["status"] for each in ok(await one.get("/v1/lhso-matrices"))["resultaten"]]
        assert states == ["actief", "vervallen"]
    new = await established(inspector, place.location_id)
    await positioned(lawyer, new)
    kept = ok(await lawyer.get(f"/v1/overtredingen/{old}/advies"))
    fresh = ok(await lawyer.get(f"/v1/overtredingen/{new}/advies"))
    assert (kept["matrixversie"], kept["label"]) == ("lhso-voorbeeld-1", "niet geverifieerd")
    assert (fresh["matrixversie"], fresh["label"]) == ("lhso-2026", None)


async def test_a_mandate_is_registered_for_a_period(
    enforcement: Enforcement, lawyer: httpx2.AsyncClient
) -> None:
    body = {
        "deelnemer": "gm0153",
        "orgaan": "college van burgemeester en wethouders van Enschede",
        "functie": "jurist",
        "bevoegdheid": "bestuurlijke boete",
        "artikel": "Ow 18.11",
        "geldigVanaf": "2026-01-01",
    }
    problem(await lawyer.post("/v1/mandaten", json=body), 403)
    async with enforcement.client("teamleider") as manager:
        ended = {**body, "geldigTot": "2025-12-31"}
        assert names(await manager.post("/v1/mandaten", json=ended), 409) == ["geldigTot"]
        registered = ok(await manager.post("/v1/mandaten", json=body), 201)
        query = "/v1/mandaten?deelnemer=gm0153&bevoegdheid=bestuurlijke%20boete"
        assert ok(await manager.get(query))["resultaten"] == [registered]

"""The work list and its limits: order, filters, pages, and whose rows one sees."""

import re
from datetime import timedelta

import httpx2
import pytest

from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from tests.integration.intake.conftest import Intake, change, problem, receive


@pytest.fixture(scope="module")
async def places(intake: Intake) -> tuple[LocationRegistered, LocationRegistered]:
    enschede = await intake.location(number="L-A", participant="gm0153")
    hengelo = await intake.location(number="L-B", participant="gm0164", at=(6.7930, 52.2650))
    return enschede, hengelo


@pytest.fixture(scope="module")
async def filled(
    intake: Intake, places: tuple[LocationRegistered, LocationRegistered]
) -> dict[str, str]:
    """Number by name: three open complaints and a finished one."""
    async with intake.client() as officer:
        slow = await receive(officer)
        fast = await receive(officer, urgentie="spoed", categorie="geluid")
        here = await receive(officer)
        there = await receive(officer)
        await change(officer, here, "koppeling", {"locatieId": str(places[0].location_id)})
        await change(officer, there, "koppeling", {"locatieId": str(places[1].location_id)})
        gone = await receive(officer)
        await change(officer, gone, "intrekking")
    names = {"slow": slow, "fast": fast, "here": here, "there": there, "gone": gone}
    return {name: taken["nummer"] for name, taken in names.items()}


async def numbers(client: httpx2.AsyncClient, **query: str) -> list[str]:
    found = await client.get("/v1/klachten", params=query)
    assert found.status_code == 200, found.text
    return [each["nummer"] for each in found.json()["resultaten"]]


async def test_what_is_late_first_comes_first_and_finished_last(
    officer: httpx2.AsyncClient, filled: dict[str, str]
) -> None:
    seen = await numbers(officer)
    assert seen[0] == filled["fast"]
    assert seen[-1] == filled["gone"]


async def test_filters_combine(officer: httpx2.AsyncClient, filled: dict[str, str]) -> None:
    assert await numbers(officer, categorie="geluid") == [filled["fast"]]
    assert await numbers(officer, deelnemer="gm0164") == [filled["there"]]
    assert await numbers(officer, status="ingetrokken") == [filled["gone"]]
    mine = await numbers(officer, behandelaar="klachten", status="in behandeling")
    assert set(mine) == {filled["here"], filled["there"]}
    found = await officer.get("/v1/klachten?status=ontvangen&status=ingetrokken")
    assert len(found.json()["resultaten"]) == 3
    problem(await officer.get("/v1/klachten", params={"status": "kwijt"}), 400)


async def test_pages_follow_each_other_without_a_gap(
    officer: httpx2.AsyncClient, filled: dict[str, str]
) -> None:
    whole, seen, url = await numbers(officer), list[str](), "/v1/klachten?limit=2"
    while url:
        found = await officer.get(url)
        seen += [each["nummer"] for each in found.json()["resultaten"]]
        links = found.headers["link"].split(", ")
        after = [link for link in links if 'rel="next"' in link]
        url = after[0].partition("<")[2].partition(">")[0] if after else ""
    assert seen == whole
    problem(await officer.get("/v1/klachten?cursor=abc"), 404)
    problem(await officer.get("/v1/klachten?cursor=WyJ4Il0"), 404)


async def test_a_participant_sees_its_own_and_never_the_unknown(
    intake: Intake, filled: dict[str, str], officer: httpx2.AsyncClient
) -> None:
    async with intake.client("enschede") as enschede:
        assert await numbers(enschede) == [filled["here"]]
        problem(await enschede.get("/v1/klachten", params={"deelnemer": "gm0164"}), 403)
        unknown = await officer.get("/v1/klachten", params={"status": "ontvangen"})
        hidden = unknown.json()["resultaten"][0]["id"]
        for part in ("", "/tijdlijn", "/contactmomenten", "/kandidaten"):
            problem(await enschede.get(f"/v1/klachten/{hidden}{part}"), 404)
        incidents = (await enschede.get("/v1/incidenten")).json()["resultaten"]
        assert {each["deelnemer"] for each in incidents} == {"gm0153"}
    async with intake.client("hengelo") as hengelo:
        problem(await hengelo.get(f"/v1/incidenten/{incidents[0]['id']}"), 404)


async def test_incidents_are_filtered(
    officer: httpx2.AsyncClient,
    filled: dict[str, str],
    places: tuple[LocationRegistered, LocationRegistered],
) -> None:
    query = {"locatieId": str(places[1].location_id), "status": "lopend", "categorie": "geur"}
    found = (await officer.get("/v1/incidenten", params=query)).json()["resultaten"]
    assert [each["deelnemer"] for each in found] == ["gm0164"]
    one = await officer.get(f"/v1/incidenten/{found[0]['id']}")
    assert one.headers["etag"] == '"1"'
    problem(await officer.get(f"/v1/incidenten/{new_id()}"), 404)
    pages = await officer.get("/v1/incidenten?limit=1")
    after = pages.headers["link"].split(", ")[1].partition("<")[2].partition(">")[0]
    assert len((await officer.get(after)).json()["resultaten"]) == 1


async def test_the_lists_to_choose_from_say_that_they_are_examples(
    officer: httpx2.AsyncClient,
) -> None:
    found = (await officer.get("/v1/categorieen")).json()["resultaten"]
    assert {"geur", "geluid", "asbest", "overig"} <= {each["code"] for each in found}
    assert not any(each["vastgesteld"] for each in found)
    causes = (await officer.get("/v1/oorzaken")).json()["resultaten"]
    assert "storing" in {each["code"] for each in causes}


async def test_the_document_is_open_and_names_every_operation(officer: httpx2.AsyncClient) -> None:
    document = (await officer.get("/v1/openapi.json")).json()
    assert document["info"]["version"] == "1.0.0"
    assert "/klachten/{klachtId}/melder" in document["paths"]


async def test_late_is_every_term_that_has_ended(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    """Nobody called in time: late, though the answer has weeks to go."""
    taken = await receive(officer)
    page = "/klachten?weergave=laat"
    assert taken["nummer"] not in (await officer.get(page)).text
    today = intake.clock.instant
    try:
        intake.clock.instant = today + timedelta(days=6)
        late = (await officer.get(page)).text
        assert taken["nummer"] in late
        assert not re.search(r"Te laat\s*<span[^>]*>0<", late)
        note = {"partij": "melder", "soort": "telefoon", "verslag": "Gebeld."}
        made = await officer.post(f"/v1/klachten/{taken['id']}/contactmomenten", json=note)
        assert made.status_code == 201, made.text
        assert taken["nummer"] not in (await officer.get(page)).text
    finally:
        intake.clock.instant = today

"""The search field: numbers, addresses and locations, and what is left out is said."""

import httpx2
import pytest

from services.intake.complaints.screens import worklist
from tests.integration.intake.conftest import Intake, linked, receive


async def numbers(client: httpx2.AsyncClient, query: str) -> list[str]:
    """The numbers in the file of what the words find."""
    _, *lines = (await client.get(f"/klachten.csv?{query}")).text.splitlines()
    return [line.split(";")[0] for line in lines]


async def test_a_complaint_is_found_by_number_address_and_location(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    place = await intake.location(number="L-2026-007001", name="Zoekpapier Noord")
    there = await linked(officer, place)
    address = {"straatnaam": "Zoekdreef", "huisnummer": "12", "woonplaats": "Zoekdam"}
    own = await receive(officer, adres=address)
    number = own["nummer"]
    assert await numbers(officer, f"zoek={number}") == [number]
    assert await numbers(officer, f"zoek={number.lower()}") == [number]
    assert number in await numbers(officer, f"zoek={number[:-2]}")
    assert await numbers(officer, "zoek=zoekdreef%2012") == [number]
    assert await numbers(officer, "zoek=DREEF%2012%20zoekdam") == [number]
    assert await numbers(officer, "zoek=papier%20n") == [there["nummer"]]
    assert await numbers(officer, "zoek=Zoekdreef%201%25") == []
    assert await numbers(officer, "zoek=zo") == []
    assert await numbers(officer, "zoek=zoekdreef&deelnemer=gm0141") == []


async def test_what_a_search_leaves_out_is_said_on_the_page_and_in_the_file(
    officer: httpx2.AsyncClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "FOUND_AT_MOST", 2)
    monkeypatch.setattr(worklist, "IN_A_FILE", 2)
    place = await intake.location(number="L-2026-007002", name="Veelgezocht")
    made = {(await linked(officer, place))["nummer"] for _ in range(3)}
    shown = (await officer.get("/klachten?zoek=veelgezocht")).text
    assert "zoek preciezer" in shown
    found = await numbers(officer, "zoek=veelgezocht")
    assert set(found[:2]) < made
    assert found[2:] == [worklist.LEFT_OUT]
    monkeypatch.setattr(worklist, "FOUND_AT_MOST", 3)
    monkeypatch.setattr(worklist, "IN_A_FILE", 3)
    assert "zoek preciezer" not in (await officer.get("/klachten?zoek=veelgezocht")).text
    assert set(await numbers(officer, "zoek=veelgezocht")) == made


async def test_a_state_a_view_and_the_api_limit_alike(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    place = await intake.location(number="L-2026-007003", name="Statusplaats")
    working = (await linked(officer, place))["nummer"]
    at = f"locatieId={place.location_id}"
    for states, found in (
        ("status=in%20behandeling", [working]),
        ("status=ontvangen", []),
        ("status=in%20behandeling&status=ontvangen", [working]),
        ("status=ontvangen&status=in%20behandeling&status=beoordeeld&status=heropend", [working]),
        ("status=afgehandeld&status=doorgestuurd&status=ingetrokken", []),
    ):
        answer = (await officer.get(f"/v1/klachten?{at}&{states}")).json()
        assert [row["nummer"] for row in answer["resultaten"]] == found, states

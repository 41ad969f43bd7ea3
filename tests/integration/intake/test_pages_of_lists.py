"""Lists come in pages: a limit, a cursor that goes on where the page ended, no strange cursor."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from shared.contracts.risk import LocationRegistered
from tests.integration.intake.conftest import NOW, Intake, change, linked, problem

CONTACT = {"soort": "telefoon", "verslag": "Gebeld."}


@pytest.fixture(scope="module")
async def handled(intake: Intake) -> dict[str, Any]:
    """A complaint with contact moments, notes, inspections asked for, and uses of its data."""
    place: LocationRegistered = await intake.location(number="L-LIJST")
    await intake.location(number="L-LIJST-2", name="Buurman")
    await intake.location(number="L-LIJST-3", name="Overbuurman")
    async with intake.client() as officer:
        one = await linked(officer, place)
        url = f"/v1/klachten/{one['id']}"
        for number in range(3):
            intake.clock.instant = NOW + timedelta(minutes=number)
            contact = {**CONTACT, "verslag": f"Gesprek {number}"}
            assert (await officer.post(f"{url}/contactmomenten", json=contact)).status_code == 201
            why = {"doel": "contact met de melder"}
            assert (await officer.get(f"{url}/melder", params=why)).status_code == 200
            asked = await officer.post(
                f"/v1/incidenten/{one['incidentId']}/controleverzoeken",
                json={"reden": f"Reden {number}"},
                headers={"If-Match": f'"{number + 1}"'},
            )
            assert asked.status_code == 201
        found = (await officer.get(url)).json()
        assert (await change(officer, found, "toewijzing")).status_code == 200
    intake.clock.instant = NOW
    return one


LISTS = (
    "/v1/klachten/{id}/contactmomenten",
    "/v1/klachten/{id}/tijdlijn",
    "/v1/klachten/{id}/verwerkingen",
    "/v1/klachten/{id}/kandidaten",
    "/v1/incidenten/{incidentId}/tijdlijn",
    "/v1/incidenten/{incidentId}/controleverzoeken",
    "/v1/categorieen",
    "/v1/oorzaken",
)


@pytest.mark.parametrize("address", LISTS)
async def test_pages_of_one_give_the_whole_list_once_each(
    officer: httpx2.AsyncClient, handled: dict[str, Any], address: str
) -> None:
    url = address.format(**handled)
    whole = (await officer.get(url)).json()["resultaten"]
    assert len(whole) > 1
    found: list[Any] = []
    following: str | None = f"{url}?limit=1"
    while following is not None:
        response = await officer.get(following)
        assert response.status_code == 200, response.text
        rows = response.json()["resultaten"]
        assert len(rows) == 1
        found += rows
        address_of = response.links.get("next")
        following = address_of["url"].removeprefix("/intake") if address_of else None
    assert found == whole


@pytest.mark.parametrize("cursor", ["onzin", "WyJ4Il0", "WzEsMl0", "W10", "eyJhIjoxfQ"])
@pytest.mark.parametrize("address", LISTS)
async def test_a_cursor_that_was_not_given_out_is_refused(
    officer: httpx2.AsyncClient, handled: dict[str, Any], address: str, cursor: str
) -> None:
    response = await officer.get(f"{address.format(**handled)}?cursor={cursor}")
    problem(response, 404)


async def test_what_the_reporter_said_is_on_no_page_of_who_may_not_know(
    officer: httpx2.AsyncClient, intake: Intake, handled: dict[str, Any]
) -> None:
    url = f"/v1/klachten/{handled['id']}/contactmomenten"
    company = {**CONTACT, "partij": "bedrijf", "verslag": "Met het bedrijf gesproken."}
    assert (await officer.post(url, json=company)).status_code == 201
    async with intake.client("enschede") as participant:
        shown = (await participant.get(url, params={"limit": 10})).json()["resultaten"]
    assert [row["verslag"] for row in shown] == ["Met het bedrijf gesproken."]

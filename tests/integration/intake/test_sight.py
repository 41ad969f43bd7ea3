"""What a caller may see, of every operation and page that reads: own, another's, nobody's, all."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route

from services.intake.main import PARTS, SCREENS
from shared.auth.issuer import ExampleUser
from shared.product.roles import Role
from tests.integration.intake.conftest import Intake, change, linked, receive

OWN = "gm0164"
EVERYTHING = tuple(role for role in Role if role is not Role.PARTICIPANT)
CALLERS = {
    "own": ExampleUser("eigen", "Iemand van Hengelo", EVERYTHING, (OWN,)),
    "several": ExampleUser("meer", "Iemand van twee", EVERYTHING, ("gm0141", OWN)),
    "all": ExampleUser("alles", "Iemand van de dienst", EVERYTHING, ("*",)),
    "other": ExampleUser("ander", "Iemand van Almelo", EVERYTHING, ("gm0141",)),
    "none": ExampleUser("niets", "Iemand zonder deelnemer", EVERYTHING, ()),
}
SEE = frozenset({"own", "several", "all"})
# Lists, and what is found by words or a place; the rest is read by its identity.
LISTS = {
    "/v1/klachten": "?limit=200",
    "/v1/incidenten": "?limit=200",
    "/v1/uitgaande-berichten": "?limit=200&status=wachtend",
    "/klachten": "?weergave=klaar",
    "/klachten.csv": "?weergave=klaar",
    "/incidenten": "?status=afgesloten",
    "/fragmenten/zoeken": "?q={complaint}",
    "/fragmenten/locaties/{id}/klachten": "",
}
# Words of the agency, and forms that show nobody's rows.
FOR_EVERYBODY = frozenset(
    {
        *("/v1/categorieen", "/v1/oorzaken", "/klachten/nieuw", "/berichten"),
        *("/melden", "/melden/controleren", "/melden/ontvangen", "/melden/{stap}"),
    }
)
WHY = "?doel=contact%20met%20de%20melder"


def reads() -> Iterator[str]:
    """The path of every GET of the service."""
    for prefix, parts in (("/v1", PARTS), ("", SCREENS)):
        for part in parts:
            for route in part.router.routes:
                assert isinstance(route, Route)
                if "GET" in (route.methods or ()):
                    yield f"{prefix}{route.path}"


BY_IDENTITY = sorted(set(reads()) - set(LISTS) - FOR_EVERYBODY)


def test_every_read_is_judged() -> None:
    found = set(reads())
    assert set(LISTS) <= found
    assert found >= FOR_EVERYBODY
    assert len(BY_IDENTITY) >= 14


@pytest.fixture(scope="module")
async def case(intake: Intake) -> dict[str, str]:
    """A complaint of one participant from receipt to answer: what every read can show."""
    place = await intake.location(number="L-ZICHT", name="Zichtfabriek", participant=OWN)
    async with intake.client() as officer:
        one = await linked(officer, place)
        outcome = {"oordeel": "ongegrond", "toelichting": "Binnen de norm."}
        assessed = (await change(officer, one, "beoordelingen", outcome)).json()
        closed = await change(officer, assessed, "afhandeling", {"antwoordwijze": "e-mail"})
        assert closed.status_code == 200, closed.text
        await receive(officer)
    return {
        "klachten": one["id"],
        "incidenten": one["incidentId"],
        "locaties": str(place.location_id),
        "complaint": one["nummer"],
        "incident": one["incidentnummer"],
    }


def filled(path: str, case: dict[str, str]) -> str:
    """The path with the identity of the case in it."""
    found = path.replace("{daad}", "contact").replace("{vorm}", "pdf")
    start, _, rest = found.partition("{")
    if rest:
        kind = start.rstrip("/").rpartition("/")[2]
        found = start + case[kind] + rest.partition("}")[2]
    return found + (
        WHY if path.endswith(("/melder", "{klachtId}/antwoord", "{klacht_id}/antwoord")) else ""
    )


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("path", BY_IDENTITY)
async def test_what_is_read_by_its_identity_is_there_for_who_may_see_it(
    intake: Intake, case: dict[str, str], path: str, who: str
) -> None:
    async with intake.client(CALLERS[who]) as client:
        response = await client.get(filled(path, case))
    expected = 200 if who in SEE else 404
    assert response.status_code == expected, response.text[:2000]
    if who not in SEE:
        assert not _named(response.text, case)


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("path", LISTS)
async def test_lists_hold_what_a_caller_may_see(
    intake: Intake, case: dict[str, str], path: str, who: str
) -> None:
    async with intake.client(CALLERS[who]) as client:
        response = await client.get(filled(path, case) + LISTS[path].format(**case))
    assert response.status_code == 200, response.text[:2000]
    assert _named(response.text, case) == (who in SEE)


@pytest.mark.parametrize("who", CALLERS)
async def test_a_complaint_of_no_participant_yet_is_the_agencys(intake: Intake, who: str) -> None:
    async with intake.client() as officer:
        taken = await receive(officer)
    async with intake.client(CALLERS[who]) as client:
        response = await client.get(f"/v1/klachten/{taken['id']}")
        counts = (await client.get("/klachten")).text
    assert response.status_code == (200 if who == "all" else 404)
    assert (taken["nummer"] in counts) == (who == "all")


def _named(text: str, case: dict[str, Any]) -> bool:
    return case["complaint"] in text.split("?q=", maxsplit=1)[0] or case["incident"] in text

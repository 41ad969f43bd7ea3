"""What a caller may see, of every operation and page that reads: own, another's, nobody's, all."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from services.enforcement.inspections import api as inspections_api
from services.enforcement.inspections import screens as inspections_screens
from services.enforcement.locations import screens as locations_screens
from services.enforcement.measures import api as measures_api
from services.enforcement.measures import screens as measures_screens
from services.enforcement.policy import api as policy_api
from services.enforcement.policy.screens import mandates, matrices
from services.enforcement.violations import api as violations_api
from services.enforcement.violations.screens import forms, work_list
from shared.auth.issuer import ExampleUser
from shared.product.roles import Role
from tests.integration.enforcement.conftest import (
    ESTABLISHED,
    VIOLATED,
    Enforcement,
    act,
    carried_out,
    chosen,
    established,
    ok,
    positioned,
)
from tests.integration.enforcement.hands import OUTSIDER, Hands, hands

__all__ = ["hands"]

OWN = "gm0164"
EVERYTHING = tuple(role for role in Role if role is not Role.PARTICIPANT)
CALLERS = {
    "own": ExampleUser("eigen", "Iemand van Hengelo", EVERYTHING, (OWN,)),
    "several": ExampleUser("meer", "Iemand van twee", EVERYTHING, ("gm0141", OWN)),
    "all": ExampleUser("alles", "Iemand van de dienst", EVERYTHING, ("*",)),
    "other": OUTSIDER,
    "none": ExampleUser("niets", "Iemand zonder deelnemer", EVERYTHING, ()),
}
SEE = frozenset({"own", "several", "all"})

# Lists and what is found by words or a place; the rest is read by its identity.
LISTS = {
    "/v1/controles": "?limit=200&locatieId={location}",
    "/v1/overtredingen": "?limit=200&locatieId={location}",
    "/v1/handhavingsmaatregelen": "?limit=200&locatieId={location}",
    "/v1/termijnen": "?limit=200&overtredingId={violation}",
    "/v1/mandaten": "?limit=200",
    "/controles": "?weergave=alle&zoek=Zichtfabriek",
    "/controles.csv": "?weergave=alle&zoek=Zichtfabriek",
    "/overtredingen": "?zoek=Zichtfabriek",
    "/overtredingen.csv": "?zoek=Zichtfabriek",
    "/mandaten": "",
    "/fragmenten/locaties/{id}": "",
    "/fragmenten/zoeken": "?q=Zichtfabriek&plaats=Handhaving",
}
# Policy is the agency's, and a form that asks for everything itself shows nobody's rows.
FOR_EVERYBODY = frozenset(
    {
        *("/v1/lhso-matrices", "/v1/lhso-matrices/{matrixId}", "/v1/lhso-aspecten"),
        *("/v1/controle-onderwerpen", "/lhso-matrices"),
        *("/lhso-matrices/{id}", "/controles/nieuw", "/mandaten/nieuw"),
    }
)
# Who decides on it sees the rows of every participant that it decides about.
FOR_THE_AGENCY = frozenset({"/lhso-matrices/nieuw"})


def reads() -> Iterator[str]:
    """The path of every GET of the service."""
    apis = (inspections_api, violations_api, measures_api, policy_api)
    screens = (
        *(inspections_screens, work_list, forms, measures_screens, mandates, matrices),
        locations_screens,
    )
    for prefix, modules in (("/v1", apis), ("", screens)):
        for module in modules:
            for route in module.router.routes:
                assert not isinstance(route, Mount)
                if isinstance(route, Route | APIRoute) and "GET" in (route.methods or ()):
                    yield f"{prefix}{route.path}"


BY_IDENTITY = sorted(set(reads()) - set(LISTS) - FOR_EVERYBODY - FOR_THE_AGENCY)


def test_every_read_is_judged() -> None:
    found = set(reads())
    assert set(LISTS) <= found
    assert found >= FOR_EVERYBODY | FOR_THE_AGENCY
    assert len(BY_IDENTITY) >= 9


@pytest.fixture(scope="module")
async def case(enforcement: Enforcement) -> dict[str, str]:
    """A whole case of one participant: what every read can show."""
    hands = Hands(enforcement)
    place = await enforcement.location(participant=OWN, name="Zichtfabriek")
    async with hands.by("toezicht") as inspector, hands.by("jurist") as lawyer:
        violation = await established(inspector, place.location_id, ESTABLISHED)
        await positioned(lawyer, violation)
        measure = await chosen(lawyer, violation, begunstigingsdagen=0)
        urgent = {"redenSpoed": "Acuut.", "besluitdatum": "2026-11-10"}
        ok(await act(lawyer, measure["id"], "oplegging", **urgent))
        url = f"/v1/overtredingen/{violation}/hercontroles"
        again = ok(await inspector.post(url, json={}), 201)
        await carried_out(inspector, again["id"], VIOLATED)
        read = ok(await lawyer.get(f"/v1/overtredingen/{violation}"))
        register = ok(await lawyer.get(f"/v1/mandaten?deelnemer={OWN}"))["resultaten"]
    return {
        "location": str(place.location_id),
        "inspection": again["id"],
        "violation": violation,
        "measure": measure["id"],
        "mandate": register[0]["id"],
        "numbers": " ".join((read["nummer"], read["controlenummer"], measure["nummer"])),
    }


def identity_for(path: str, case: dict[str, str]) -> str:
    kinds = {
        "controles": "inspection",
        "overtredingen": "violation",
        "handhavingsmaatregelen": "measure",
        "mandaten": "mandate",
        "locaties": "location",
    }
    (kind,) = [each for name, each in kinds.items() if f"/{name}/" in path]
    return case[kind]


def filled(path: str, case: dict[str, str]) -> str:
    """The path with the identity of the case in it."""
    start, _, rest = path.partition("{")
    if not rest:
        return path
    return start + identity_for(path, case) + rest.partition("}")[2]


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("path", BY_IDENTITY)
async def test_what_is_read_by_its_identity(
    hands: Hands, case: dict[str, str], path: str, who: str
) -> None:
    async with hands.by(CALLERS[who]) as client:
        response = await client.get(filled(path, case))
    if who in SEE:
        assert response.status_code in {200, 303}, response.text[:300]
    else:
        assert response.status_code == 404, response.text[:300]


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("path", LISTS)
async def test_what_is_listed(hands: Hands, case: dict[str, str], path: str, who: str) -> None:
    query = LISTS[path].format(**case)
    async with hands.by(CALLERS[who]) as client:
        response = await client.get(filled(path, case) + query)
    assert response.status_code == 200, response.text[:300]
    wanted = wanted_in(path, case)
    shown = [each for each in wanted if each in response.text]
    assert bool(shown) == (who in SEE), (shown, wanted)
    if who not in SEE:
        assert OWN not in participants_in(response)


def wanted_in(path: str, case: dict[str, str]) -> list[str]:
    """What the list shows of the case: its numbers, or the identity of its mandate."""
    return [case["mandate"]] if "mandaten" in path else case["numbers"].split()


def participants_in(response: httpx2.Response) -> set[str]:
    """The participants that the rows of an answer of the API are of."""
    if not response.headers["content-type"].startswith("application/json"):
        return set()
    rows: list[dict[str, Any]] = response.json()["resultaten"]
    return {row["deelnemer"] for row in rows if row.get("deelnemer")}


@pytest.mark.parametrize("path", sorted(FOR_EVERYBODY))
async def test_policy_is_the_same_for_everybody(hands: Hands, path: str) -> None:
    seen = set()
    for user in CALLERS.values():
        async with hands.by(user) as client:
            listed = ok(await client.get("/v1/lhso-matrices"))["resultaten"]
            url = path.partition("{")[0] + (listed[0]["id"] if "{" in path else "")
            seen.add((await client.get(url)).status_code)
    assert seen == {200}


@pytest.mark.parametrize("who", CALLERS)
async def test_policy_is_decided_for_the_whole_agency(hands: Hands, who: str) -> None:
    async with hands.by("beheer") as planner, hands.by(CALLERS[who]) as client:
        listed = ok(await planner.get("/v1/lhso-matrices"))["resultaten"]
        draft = {"omschrijving": "Proef", "cellen": listed[0]["cellen"]}
        drawn = await client.post("/v1/lhso-matrices", json={**draft, "matrixversie": f"van-{who}"})
        body = {**draft, "matrixversie": f"voor-{who}"}
        waiting = ok(await planner.post("/v1/lhso-matrices", json=body), 201)
        adopted = await client.post(
            f"/v1/lhso-matrices/{waiting['id']}/activering",
            json={"besluitkenmerk": "DB 2026-1"},
            headers={"If-Match": '"1"'},
        )
        pages = {(await client.get(path)).status_code for path in FOR_THE_AGENCY}
        offered = "/lhso-matrices/nieuw" in (await client.get("/lhso-matrices")).text
    if who == "all":
        assert (drawn.status_code, adopted.status_code, pages, offered) == (201, 200, {200}, True)
    else:
        assert (drawn.status_code, adopted.status_code, pages, offered) == (403, 403, {403}, False)

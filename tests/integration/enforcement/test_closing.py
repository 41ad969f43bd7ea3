"""When a violation is found repaired: what was prepared falls away, and it is closed once."""

import httpx2

from tests.integration.enforcement.conftest import (
    COMPLIANT,
    TODAY,
    VIOLATED,
    Enforcement,
    act,
    carried_out,
    chosen,
    established,
    ok,
    positioned,
    problem,
    version,
)
from tests.integration.enforcement.hands import Hands, hands

__all__ = ["hands"]


async def reinspection(client: httpx2.AsyncClient, violation: str) -> str:
    url = f"/v1/overtredingen/{violation}/hercontroles"
    planned = ok(await client.post(url, json={}), 201)
    identity: str = planned["id"]
    return identity


async def test_a_measure_that_was_only_prepared_is_withdrawn_with_the_reason(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    violation = await established(inspector, place.location_id)
    await positioned(lawyer, violation)
    prepared = await chosen(lawyer, violation)
    announced = await chosen(lawyer, violation)
    ok(await act(lawyer, announced["id"], "voornemen"))
    await carried_out(inspector, await reinspection(inspector, violation), COMPLIANT)
    case = ok(await lawyer.get(f"/v1/overtredingen/{violation}"))
    assert (case["status"], case["termijnen"], case["eersteTermijn"]) == ("hersteld", [], None)
    ended = {each["id"]: each for each in case["handhavingsmaatregelen"]}
    for measure in (prepared, announced):
        found = ended[measure["id"]]
        assert (found["status"], found["einddatum"]) == ("ingetrokken", TODAY.isoformat())
        assert "voordat een besluit nodig was" in found["redenEinde"]


async def test_a_second_reinspection_closes_nothing_again(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    violation = await established(inspector, place.location_id)
    first, second = [await reinspection(inspector, violation) for _ in range(2)]
    await carried_out(inspector, first, COMPLIANT)
    told = await enforcement.published(violation)
    await carried_out(inspector, second, COMPLIANT)
    assert await enforcement.published(violation) == told
    assert told.count("overtreding-hersteld") == 1


async def test_a_reinspection_that_cannot_tell_closes_nothing(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    violation = await established(inspector, place.location_id)
    again = await reinspection(inspector, violation)
    await carried_out(inspector, again, "nader onderzoek noodzakelijk")
    assert ok(await lawyer.get(f"/v1/overtredingen/{violation}"))["status"] == "geconstateerd"


async def test_a_reinspection_is_at_the_location_of_its_violation(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    place, elsewhere = await enforcement.location(), await enforcement.location()
    violation = await established(inspector, place.location_id)
    body = {
        "soort": "hercontrole",
        "locatieId": str(elsewhere.location_id),
        "overtredingId": violation,
    }
    refused = problem(await inspector.post("/v1/controles", json=body), 409, "andere plek")
    assert refused["invalidParams"][0]["name"] == "overtredingId"


async def test_a_finding_that_is_not_there_is_not_corrected(
    hands: Hands, inspector: httpx2.AsyncClient
) -> None:
    found = await hands.inspection(VIOLATED)
    at = f"/v1/controles/{found['id']}"
    read = await inspector.get(at)
    body = {"controleOnderwerp": "geur", "resultaat": COMPLIANT}
    url = f"{at}/bevindingen/2"
    problem(await inspector.put(url, json=body, headers=version(read)), 404)
    assert ok(await inspector.get(at)) == ok(read)
    assert (await inspector.get(f"/controles/{found['id']}?wijzig=2")).status_code == 404


async def test_what_is_no_decision_needs_no_mandate_on_its_form(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    violation = await established(inspector, place.location_id)
    await positioned(lawyer, violation)
    warned = await chosen(
        lawyer,
        violation,
        handhavingsinstrument="waarschuwing",
        last=None,
        redenAfwijking="Voor het eerst.",
    )
    page = await lawyer.get(f"/handhavingsmaatregelen/{warned['id']}/oplegging")
    assert page.status_code == 200
    assert "mandaat" not in page.text.split("<main")[1].split("</main>")[0]

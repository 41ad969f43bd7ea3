"""From a request to inspect to a forfeited penalty, and to a closed case, over HTTP."""

from datetime import date
from typing import Any

import httpx2
from sqlalchemy import func, select

from services.enforcement.tables import inspection, messaging, violation
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    COMPLIANT,
    TODAY,
    VIOLATED,
    Enforcement,
    a_request,
    act,
    carried_out,
    chosen,
    established,
    inspected,
    ok,
    positioned,
    problem,
    version,
)


async def count(enforcement: Enforcement, table: Any) -> int:
    (row,) = await enforcement.rows(select(func.count().label("n")).select_from(table))
    return int(row["n"])


async def test_a_request_becomes_one_inspection_however_often_it_is_delivered(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    asked = a_request(location.location_id)
    other = a_request(location.location_id)
    await enforcement.deliver(asked, other, asked)
    await enforcement.deliver(asked)
    url = f"/v1/controles?incidentId={asked.incident_id}"
    (planned,) = ok(await inspector.get(url))["resultaten"]
    assert planned["aanleiding"] == "incident"
    assert planned["nummer"].startswith("C-2026-")
    assert planned["locatienaam"] == "Voorbeeldfabriek"
    # Urgent: two working days after Tuesday 24 November, by the example policy.
    assert planned["controledatum"] == "2026-11-26"
    assert await enforcement.published(planned["id"]) == ["controle-gepland"]


async def test_a_request_that_is_heard_before_its_location_gets_the_participant_later(
    enforcement: Enforcement,
) -> None:
    asked = a_request(new_id(), participant=None)
    await enforcement.deliver(asked)
    stored = select(inspection.c.participant).where(inspection.c.request_id == asked.request_id)
    assert [row["participant"] for row in await enforcement.rows(stored)] == [None]
    await enforcement.location(location_id=asked.location_id)
    assert [row["participant"] for row in await enforcement.rows(stored)] == ["gm0153"]


async def test_completing_freezes_the_findings_and_establishes_the_violation(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    done = await inspected(inspector, location.location_id, COMPLIANT, VIOLATED)
    assert done["status"] == "uitgevoerd"
    assert done["uitvoeringsdatum"] == TODAY.isoformat()
    assert done["toezichthouder"] == "Toezichthouder (voorbeeld)"
    first, second = done["bevindingen"]
    assert (first["overtredingId"], first["volgnummer"], second["volgnummer"]) == (None, 1, 2)
    assert await enforcement.published(done["id"]) == ["controle-gepland", "controle-uitgevoerd"]
    assert await enforcement.published(second["overtredingId"]) == ["overtreding-geconstateerd"]
    late = {"controleOnderwerp": "geur", "resultaat": COMPLIANT}
    url = f"/v1/controles/{done['id']}/bevindingen"
    problem(await inspector.post(url, json=late), 409, "liggen vast")


async def test_the_chain_ends_in_a_forfeited_penalty_when_the_reinspection_finds_it_again(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    """The dates of the domain sheet: forfeited 2025-05-01, pay by 2025-06-12, barred 2026-05-01."""
    enforcement.at(date(2025, 2, 10))
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found, begunstigingsdagen=58)

    enforcement.at(date(2025, 2, 12))
    intended = ok(await act(lawyer, measure["id"], "voornemen"))
    assert intended["zienswijzeTot"] == "2025-02-26"
    enforcement.at(date(2025, 2, 26))
    problem(await act(lawyer, measure["id"], "oplegging"), 409, "Awb 4:8")

    enforcement.at(date(2025, 3, 3))
    imposed = ok(await act(lawyer, measure["id"], "oplegging"))
    assert imposed["status"] == "opgelegd"
    assert imposed["bezwaarTot"] == "2025-04-14"
    assert imposed["begunstigingTot"] == "2025-04-30"
    assert imposed["mandaat"]["toegestaan"] is True
    assert "Enschede" in imposed["mandaat"]["orgaan"]
    kinds = [term["soort"] for term in imposed["termijnen"]]
    assert kinds == ["bezwaar", "begunstigingstermijn"]

    enforcement.at(date(2025, 5, 1))
    again = ok(await inspector.post(f"/v1/overtredingen/{found}/hercontroles", json={}), 201)
    violations = await count(enforcement, violation)
    redone = await carried_out(inspector, again["id"], VIOLATED)
    assert redone["bevindingen"][0]["overtredingId"] == found
    assert await count(enforcement, violation) == violations
    lost = ok(await act(lawyer, measure["id"], "verbeurte", controleId=again["id"]))
    assert lost["verbeurd"] == "5000.00"
    (forfeiture,) = lost["verbeurteLijst"]
    assert forfeiture["verbeurdatum"] == "2025-05-01"
    assert forfeiture["betaalUiterlijk"] == "2025-06-12"
    assert forfeiture["verjaartOp"] == "2026-05-01"
    kinds = [term["soort"] for term in lost["termijnen"]]
    assert kinds == ["betaling dwangsom", "verjaring dwangsom"]
    problem(await act(lawyer, measure["id"], "verbeurte", controleId=again["id"]), 409, "Awb 5:33")

    enforcement.at(date(2025, 9, 10))
    collected = ok(
        await act(
            lawyer, measure["id"], "invordering", volgnummer=1, handeling="invorderingsbeschikking"
        )
    )
    assert collected["verbeurteLijst"][0]["verjaartOp"] == "2026-09-10"
    (term,) = collected["termijnen"]
    assert (term["soort"], term["looptTot"]) == ("verjaring dwangsom", "2026-09-10")

    assert await enforcement.published(measure["id"]) == [
        "handhavingsmaatregel-voorgenomen",
        "handhavingsmaatregel-opgelegd",
        "dwangsom-verbeurd",
    ]


async def test_the_case_closes_when_the_reinspection_finds_it_repaired(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found)
    ok(await act(lawyer, measure["id"], "oplegging", redenSpoed="Acuut gevaar."))
    again = ok(await inspector.post(f"/v1/overtredingen/{found}/hercontroles", json={}), 201)
    await carried_out(inspector, again["id"], COMPLIANT)
    closed = ok(await lawyer.get(f"/v1/overtredingen/{found}"))
    assert (closed["status"], closed["hersteldatum"]) == ("hersteld", TODAY.isoformat())
    assert closed["handhavingsmaatregelen"][0]["status"] == "uitgevoerd"
    assert [term["soort"] for term in closed["termijnen"]] == ["bezwaar"]
    assert await enforcement.published(found) == [
        "overtreding-geconstateerd",
        "overtreding-gepositioneerd",
        "overtreding-hersteld",
    ]
    assert await enforcement.published(measure["id"]) == [
        "handhavingsmaatregel-opgelegd",
        "handhavingsmaatregel-beeindigd",
    ]
    problem(
        await inspector.post(f"/v1/overtredingen/{found}/hercontroles", json={}), 409, "hersteld"
    )


async def test_a_deviation_needs_a_reason_and_keeps_its_direction(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    read = await lawyer.get(f"/v1/overtredingen/{found}")
    url = f"/v1/overtredingen/{found}/handhavingsmaatregelen"
    body = {"handhavingsinstrument": "waarschuwing"}
    refused = problem(await lawyer.post(url, json=body, headers=version(read)), 409)
    assert refused["invalidParams"][0]["name"] == "redenAfwijking"
    lighter = await chosen(
        lawyer, found, handhavingsinstrument="waarschuwing", last=None, redenAfwijking="Nieuw."
    )
    assert (lighter["wijktAf"], lighter["afwijkingsrichting"]) == (True, "lichter")
    heavier = await chosen(
        lawyer, found, handhavingsinstrument="exploitatieverbod", last=None, redenAfwijking="Ernst."
    )
    assert heavier["afwijkingsrichting"] == "zwaarder"
    followed = await chosen(lawyer, found)
    assert (followed["wijktAf"], followed["afwijkingsrichting"]) == (False, None)
    assert followed["advies"][0] == "verscherpt toezicht"


async def test_no_second_recovery_sanction_for_the_same_violation(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    first = await chosen(lawyer, found)
    second = await chosen(
        lawyer, found, handhavingsinstrument="last onder bestuursdwang", last=None
    )
    ok(await act(lawyer, first["id"], "oplegging", redenSpoed="Acuut gevaar."))
    late = await act(
        lawyer, second["id"], "oplegging", redenSpoed="Acuut.", gevoerdOverleg="Met het college."
    )
    problem(late, 409, "Awb 5:6")


async def test_the_mandate_is_checked_and_its_refusal_names_the_article(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location(participant="gm0164")
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    reserved = await chosen(
        lawyer, found, handhavingsinstrument="last onder bestuursdwang", last=None
    )
    refused = await act(lawyer, reserved["id"], "oplegging", redenSpoed="Acuut gevaar.")
    problem(refused, 409, "Awb 10:1", "beslist zelf")
    dear = {"wijze": "per tijdseenheid", "bedrag": "60000.00", "maximum": "120000.00"}
    large = await chosen(lawyer, found, last={**dear, "tijdseenheid": "week"})
    refused = await act(lawyer, large["id"], "oplegging", redenSpoed="Acuut gevaar.")
    problem(refused, 409, "Awb 10:1", "€\xa0100.000,00")
    before = await count(enforcement, messaging.outbox)
    async with enforcement.client("toezicht") as nobody:
        problem(await act(nobody, large["id"], "oplegging"), 403)
    assert await count(enforcement, messaging.outbox) == before


async def test_a_version_that_is_behind_and_a_missing_one_are_refused(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    url = f"/v1/overtredingen/{found}/positioneringen"
    problem(await lawyer.post(url, json={"gevolg": "3"}, headers={"If-Match": '"9"'}), 412)
    problem(await lawyer.post(url, json={"gevolg": "3"}), 400)


async def test_a_participant_sees_only_its_own_cases(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location(participant="gm0164")
    found = await established(inspector, location.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found)
    async with enforcement.client("enschede") as other, enforcement.client("hengelo") as own:
        for url in (f"/v1/overtredingen/{found}", f"/v1/handhavingsmaatregelen/{measure['id']}"):
            problem(await other.get(url), 404)
            ok(await own.get(url))
        listed = ok(await other.get("/v1/overtredingen?limit=200"))["resultaten"]
        assert {each["deelnemer"] for each in listed} == {"gm0153"}
        shown = ok(await own.get("/v1/mandaten"))["resultaten"]
        assert {each["deelnemer"] for each in shown} == {"gm0164"}


async def test_a_repeated_key_plans_one_inspection(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    body = {"soort": "themacontrole", "locatieId": str(location.location_id)}
    headers = {"Idempotency-Key": "twee-keer-geklikt"}
    first = await inspector.post("/v1/controles", json=body, headers=headers)
    stored = await count(enforcement, inspection)
    again = await inspector.post("/v1/controles", json=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert await count(enforcement, inspection) == stored


async def test_positioning_again_keeps_the_first_cell_and_asks_for_a_motive(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    location = await enforcement.location()
    found = await established(inspector, location.location_id)
    read = await lawyer.get(f"/v1/overtredingen/{found}")
    url = f"/v1/overtredingen/{found}/positioneringen"
    body = {"gevolg": "2", "aspecten": [_ASPECT]}
    first = await lawyer.post(url, json=body, headers=version(read))
    placed = ok(first, 201)
    assert (placed["cel"], placed["celInitieel"], placed["gedrag"]) == ("B2", "B2", "B")
    assert "standaard B" in placed["toelichtingGedrag"]
    refused = await lawyer.post(url, json={"gevolg": "2", "gedrag": "C"}, headers=version(first))
    assert problem(refused, 409)["invalidParams"][0]["name"] == "redenHerpositionering"
    moved = await lawyer.post(
        url,
        json={"gevolg": "2", "gedrag": "C", "redenHerpositionering": "Willens en wetens."},
        headers=version(first),
    )
    moved_to = ok(moved, 201)
    assert (moved_to["cel"], moved_to["celInitieel"]) == ("C2", "B2")
    stored = ok(await lawyer.get(f"/v1/overtredingen/{found}"))
    assert [each["cel"] for each in stored["positioneringen"]] == ["C2", "B2"]
    assert stored["positioneringen"][1]["aspecten"] == [_ASPECT]


_ASPECT = {"aspect": "recidive", "soort": "verzwarend", "motivering": "Derde keer."}


async def test_recidivism_is_a_suggestion_from_what_was_done_before(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    enforcement.at(date(2025, 3, 3))
    location = await enforcement.location()
    first = await established(inspector, location.location_id)
    await positioned(lawyer, first)
    measure = await chosen(lawyer, first)
    ok(await act(lawyer, measure["id"], "oplegging", redenSpoed="Acuut gevaar."))
    enforcement.at(TODAY)
    second = await established(inspector, location.location_id)
    advice = ok(await lawyer.get(f"/v1/overtredingen/{second}/advies"))
    assert advice["cel"] is None
    assert advice["recidiveSuggestie"]["recidive"] is True
    number = ok(await lawyer.get(f"/v1/overtredingen/{first}"))["nummer"]
    assert advice["recidiveSuggestie"]["nummers"] == [number]
    await positioned(lawyer, second)
    advice = ok(await lawyer.get(f"/v1/overtredingen/{second}/advies"))
    assert advice["label"] == "niet geverifieerd"
    assert advice["interventies"][:2] == ["verscherpt toezicht", "last onder dwangsom"]
    assert number in [case["overtredingnummer"] for case in advice["vergelijkbareZaken"]]

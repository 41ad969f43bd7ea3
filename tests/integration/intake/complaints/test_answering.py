"""From receipt to answer: linking, contact, assessment, closing, and what each of them refuses."""

import asyncio
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, text

from services.intake.tables import incident, outgoing_mail
from shared.auth.sight import Sight
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from tests.integration.intake.conftest import Intake, change, linked, problem, receive
from tests.support.waiting import until

ASSESSMENT = {"oordeel": "gegrond", "oorzaak": "storing", "toelichting": "Het filter was stuk."}


@pytest.fixture(scope="module")
async def factory(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-2026-000010")


async def test_a_complaint_is_linked_to_the_nearest_location_and_a_new_incident(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    taken = await receive(officer)
    near = await officer.get(f"/v1/klachten/{taken['id']}/kandidaten")
    first = near.json()["resultaten"][0]
    assert first["id"] == str(factory.location_id)
    assert 0 < first["afstand"] < 100
    response = await change(officer, taken, "koppeling", {"locatieId": first["id"]})
    body = response.json()
    assert (body["status"], body["versie"]) == ("in behandeling", 2)
    assert response.headers["etag"] == '"2"'
    assert body["deelnemer"] == "gm0153"
    assert body["behandelaar"] == "klachten"
    assert body["incidentnummer"].startswith("I-2026-")
    assert await intake.published(taken["id"]) == ["klacht-ontvangen", "klacht-gekoppeld"]
    assert await intake.published(body["incidentId"]) == ["incident-geregistreerd"]


async def test_a_second_complaint_joins_the_running_incident(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    taken = await receive(officer, signaaltijdstip="2026-11-23T06:00:00Z")
    to = {"locatieId": str(factory.location_id), "incidentId": one["incidentId"]}
    two = (await change(officer, taken, "koppeling", to)).json()
    assert two["incidentId"] == one["incidentId"]
    found = (await officer.get(f"/v1/incidenten/{one['incidentId']}")).json()
    assert found["klachten"] == 2
    # The incident began when the first of them noticed.
    assert found["begonnenOp"] == "2026-11-23T06:00:00Z"
    assert await intake.published(one["incidentId"]) == ["incident-geregistreerd"]


async def test_an_old_version_is_refused_and_changes_nothing(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    stale = {**one, "versie": 1}
    problem(await change(officer, stale, "beoordelingen", ASSESSMENT), 412)
    assert (await officer.get(f"/v1/klachten/{one['id']}")).json()["status"] == "in behandeling"
    headers = {"If-Match": "drie"}
    url = f"/v1/klachten/{one['id']}/beoordelingen"
    problem(await officer.post(url, json=ASSESSMENT, headers=headers), 400)
    problem(await officer.post(url, json=ASSESSMENT), 400)


async def test_what_the_state_does_not_allow_is_a_conflict_that_names_the_ways_out(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    body = problem(await change(officer, taken, "afhandeling", {"antwoordwijze": "e-mail"}), 409)
    assert "in behandeling" in body["detail"]
    # Without a location nothing can be held against anybody.
    problem(await change(officer, taken, "beoordelingen", ASSESSMENT), 409)
    assert await intake.published(taken["id"]) == ["klacht-ontvangen"]


async def test_a_justified_complaint_needs_a_known_cause(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    without = {**ASSESSMENT, "oorzaak": None}
    problem(await change(officer, one, "beoordelingen", without), 409)
    unknown = {**ASSESSMENT, "oorzaak": "sabotage"}
    body = problem(await change(officer, one, "beoordelingen", unknown), 400)
    assert body["invalidParams"][0]["name"] == "oorzaak"


async def test_a_complaint_cannot_join_what_is_elsewhere_or_over(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    elsewhere = await intake.location(number="L-2026-000011", at=(6.80, 52.26))
    taken = await receive(officer)
    to = {"locatieId": str(elsewhere.location_id), "incidentId": one["incidentId"]}
    problem(await change(officer, taken, "koppeling", to), 409)
    to = {"locatieId": str(factory.location_id), "incidentId": str(new_id())}
    problem(await change(officer, taken, "koppeling", to), 404)
    done = (await change(officer, one, "beoordelingen", ASSESSMENT)).json()
    await change(officer, done, "afhandeling", {"antwoordwijze": "e-mail"})
    to = {"locatieId": str(factory.location_id), "incidentId": one["incidentId"]}
    problem(await change(officer, taken, "koppeling", to), 409)


async def test_the_first_contact_with_the_complainant_stops_its_clock(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    url = f"/v1/klachten/{one['id']}/contactmomenten"
    company = {"partij": "bedrijf", "soort": "bezoek", "verslag": "Filter bekeken."}
    assert (await officer.post(url, json=company)).status_code == 201
    assert (await officer.get(f"/v1/klachten/{one['id']}")).json()["eersteContactOp"] is None
    call = {"soort": "telefoon", "verslag": "Gebeld; de lucht is er nog."}
    headers = {"Idempotency-Key": f"bel-{one['id']}"}
    first = await officer.post(url, json=call, headers=headers)
    again = await officer.post(url, json=call, headers=headers)
    assert (first.status_code, again.content) == (201, first.content)
    read = (await officer.get(f"/v1/klachten/{one['id']}")).json()
    assert read["eersteContactOp"] == "2026-11-24T10:30:00Z"
    assert len((await officer.get(url)).json()["resultaten"]) == 2


async def test_who_may_not_know_the_complainant_does_not_see_talks_with_them(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    url = f"/v1/klachten/{one['id']}/contactmomenten"
    for party in ("bedrijf", "melder"):
        talk = {"partij": party, "soort": "telefoon", "verslag": "Gesproken."}
        await officer.post(url, json=talk)
    async with intake.client("toezicht") as inspector:
        seen = (await inspector.get(url)).json()["resultaten"]
        assert [talk["partij"] for talk in seen] == ["bedrijf"]
        why = {"doel": "afhandeling van de klacht"}
        problem(await inspector.get(f"/v1/klachten/{one['id']}/melder", params=why), 403)


async def test_assessed_answered_by_mail_and_closed_within_its_term(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    assessed = (await change(officer, one, "beoordelingen", ASSESSMENT)).json()
    assert (assessed["status"], assessed["oordeel"]) == ("beoordeeld", "gegrond")
    closed = (await change(officer, assessed, "afhandeling", {"antwoordwijze": "e-mail"})).json()
    assert (closed["status"], closed["binnenTermijn"]) == ("afgehandeld", True)
    assert await intake.published(one["id"]) == [
        "klacht-ontvangen",
        "klacht-gekoppeld",
        "klacht-beoordeeld",
        "klacht-afgehandeld",
    ]
    letters = await intake.rows(
        select(outgoing_mail.c.kind)
        .where(outgoing_mail.c.complaint_id == UUID(one["id"]))
        .order_by(outgoing_mail.c.created_at, outgoing_mail.c.id)
    )
    assert [letter["kind"] for letter in letters] == ["ontvangstbevestiging", "antwoord"]
    (about,) = await intake.rows(select(incident).where(incident.c.id == UUID(one["incidentId"])))
    assert (about["state"], about["perpetrator"]) == ("afgesloten", "geverifieerd")


async def test_the_incident_runs_until_the_last_complaint_is_answered(
    intake: Intake, officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    taken = await receive(officer)
    to = {"locatieId": str(factory.location_id), "incidentId": one["incidentId"]}
    two = (await change(officer, taken, "koppeling", to)).json()
    for each, state in ((one, "lopend"), (two, "afgesloten")):
        done = (await change(officer, each, "beoordelingen", ASSESSMENT)).json()
        await change(officer, done, "afhandeling", {"antwoordwijze": "e-mail"})
        found = (await officer.get(f"/v1/incidenten/{one['incidentId']}")).json()
        assert found["status"] == state
    closed = (await officer.get(f"/v1/klachten/{two['id']}")).json()
    reason = {"reden": "De melder ruikt het weer."}
    again = (await change(officer, closed, "heropening", reason)).json()
    assert (again["status"], again["afgehandeldOp"]) == ("heropend", None)
    assert (await intake.published(two["id"]))[-1] == "klacht-heropend"
    found = (await officer.get(f"/v1/incidenten/{one['incidentId']}")).json()
    assert found["status"] == "lopend"


async def test_the_last_two_complaints_closed_at_once_conclude_the_incident(
    intake: Intake, officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    to = {"locatieId": str(factory.location_id), "incidentId": one["incidentId"]}
    two = (await change(officer, await receive(officer), "koppeling", to)).json()
    assessed = [
        (await change(officer, each, "beoordelingen", ASSESSMENT)).json() for each in (one, two)
    ]

    async def both_wait() -> bool:
        waiting = text("SELECT count(*) AS number FROM pg_locks WHERE NOT granted")
        (row,) = await intake.rows(waiting)
        return bool(row["number"] == 2)

    async with intake.db.work("test", sight=Sight.ALL) as work:
        await work.all(
            select(incident.c.id).where(incident.c.id == UUID(one["incidentId"])).with_for_update()
        )
        answer = {"antwoordwijze": "e-mail"}
        closing = [
            asyncio.create_task(change(officer, each, "afhandeling", answer)) for each in assessed
        ]
        await until(both_wait)
    assert [response.status_code for response in await asyncio.gather(*closing)] == [200, 200]
    found = (await officer.get(f"/v1/incidenten/{one['incidentId']}")).json()
    assert found["status"] == "afgesloten"


async def test_an_incident_whose_only_complaint_was_about_another_is_over(
    intake: Intake, officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    elsewhere = await intake.location(number="L-2026-000012")
    to = {"locatieId": str(elsewhere.location_id)}
    moved = (await change(officer, one, "koppeling", to)).json()
    assert moved["incidentId"] != one["incidentId"]
    for incident_id, state in ((one["incidentId"], "afgesloten"), (moved["incidentId"], "lopend")):
        found = (await officer.get(f"/v1/incidenten/{incident_id}")).json()
        assert found["status"] == state


async def test_who_asked_for_an_answer_gets_one(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    phone_only = {"naam": "J. Voorbeeld", "telefoonnummer": "0612345678"}
    one = await linked(officer, factory, melder=phone_only)
    done = (await change(officer, one, "beoordelingen", ASSESSMENT)).json()
    problem(await change(officer, done, "afhandeling", {"antwoordwijze": "e-mail"}), 409)
    problem(await change(officer, done, "afhandeling", {"antwoordwijze": "geen"}), 409)
    problem(await change(officer, done, "afhandeling", {"antwoordwijze": "telefoon"}), 409)
    url = f"/v1/klachten/{one['id']}/contactmomenten"
    await officer.post(url, json={"soort": "telefoon", "verslag": "Uitslag verteld."})
    now = (await officer.get(f"/v1/klachten/{one['id']}")).json()
    closed = await change(officer, now, "afhandeling", {"antwoordwijze": "telefoon"})
    assert closed.json()["status"] == "afgehandeld"


async def test_forwarding_tells_the_complainant_and_closes(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    to = {"doorgestuurdNaar": "Waterschap (voorbeeld)"}
    body = (await change(officer, taken, "doorzending", to)).json()
    assert (body["status"], body["doorgestuurdNaar"]) == ("doorgestuurd", "Waterschap (voorbeeld)")
    assert (await intake.published(taken["id"]))[-1] == "klacht-afgehandeld"
    letters = await intake.rows(
        select(outgoing_mail.c.kind).where(outgoing_mail.c.complaint_id == UUID(taken["id"]))
    )
    assert "doorzendbericht" in {letter["kind"] for letter in letters}


async def test_a_complaint_can_be_taken_and_withdrawn(officer: httpx2.AsyncClient) -> None:
    taken = await receive(officer)
    mine = (await change(officer, taken, "toewijzing")).json()
    assert mine["behandelaarNaam"] == "Klachtbehandelaar (voorbeeld)"
    gone = (await change(officer, mine, "intrekking")).json()
    assert gone["status"] == "ingetrokken"
    problem(await change(officer, gone, "toewijzing"), 409)


async def test_the_clock_of_feedback_can_be_missed(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    done = (await change(officer, one, "beoordelingen", ASSESSMENT)).json()
    intake.clock.instant = intake.clock.instant.replace(month=12, day=20)
    closed = (await change(officer, done, "afhandeling", {"antwoordwijze": "e-mail"})).json()
    assert closed["binnenTermijn"] is False

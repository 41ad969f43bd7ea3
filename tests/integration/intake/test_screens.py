"""The screens without a browser: what a citizen and an officer post, see, and are told."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from services.intake.tables import complaint, processing
from shared.contracts.risk import LocationRegistered
from tests.integration.intake.conftest import Intake, change, fail_letter, linked, receive

ANSWERS: dict[str, dict[str, str]] = {
    "wat": {"categorie": "geur"},
    "waar": {
        "straat": "Havenstraat",
        "huisnummer": "3",
        "postcode": "7511 ab",
        "plaats": "Enschede",
    },
    "bron": {"bron": "De fabriek aan de haven"},
    "verhaal": {"omschrijving": "Een zoete lucht.", "wanneer": "nu"},
    "contact": {"naam": "J. Voorbeeld", "email": "j@example.nl"},
}
EARLIER = {"omschrijving": "x", "wanneer": "eerder"}


@pytest.fixture(scope="module")
async def factory(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-SCHERM", name="Schermfabriek")


async def post(
    client: httpx2.AsyncClient, url: str, fields: dict[str, Any] | None = None
) -> httpx2.Response:
    return await client.post(url, data=fields or {"leeg": ""})


async def seen(client: httpx2.AsyncClient, url: str) -> str:
    response = await client.get(url)
    assert response.status_code == 200, response.text
    return response.text


async def answer_all(citizen: httpx2.AsyncClient, **changes: dict[str, str]) -> httpx2.Response:
    steps = {**ANSWERS, **changes}
    for step, fields in steps.items():
        assert f'action="/intake/melden/{step}"' in await seen(citizen, f"/melden/{step}")
        response = await post(citizen, f"/melden/{step}", fields)
        assert response.status_code == 303, response.text
    return response


async def count(intake: Intake) -> int:
    (row,) = await intake.rows(select(func.count()).select_from(complaint))
    return int(row["count_1"])


async def test_a_citizen_reports_without_account_or_script(intake: Intake) -> None:
    async with intake.site() as citizen:
        assert "Bel 112" in await seen(citizen, "/melden")
        last = await answer_all(citizen)
        assert last.headers["location"] == "/intake/melden/controleren"
        check = await seen(citizen, "/melden/controleren")
        for told in ("Havenstraat 3", "Een zoete lucht.", "J. Voorbeeld", "Geur of stank"):
            assert told in check
        sent = await post(citizen, "/melden/controleren")
        assert sent.headers["location"] == "/intake/melden/ontvangen"
        done = await seen(citizen, "/melden/ontvangen")
        (number,) = set(re.findall(r"K-2026-\d{6}", done))
        assert "8 december 2026" in done
    (row,) = await intake.rows(select(complaint).where(complaint.c.number == number))
    assert (row["channel"], row["category"]) == ("webformulier", "geur")
    assert (row["street"], row["postcode"]) == ("Havenstraat", "7511 AB")
    assert row["wants_feedback"] is True


async def test_back_keeps_what_was_answered_and_sending_twice_is_once(intake: Intake) -> None:
    async with intake.site() as citizen:
        await answer_all(citizen)
        assert "Een zoete lucht." in await seen(citizen, "/melden/verhaal")
        kept = citizen.cookies["vth_melding"]
        before = await count(intake)
        await post(citizen, "/melden/controleren")
        first = await seen(citizen, "/melden/ontvangen")
    # The second click of somebody whose browser did not see the first answer.
    async with intake.site() as same:
        headers = {"cookie": f"vth_melding={kept}"}
        await same.post("/melden/controleren", data={"leeg": ""}, headers=headers)
        assert await count(intake) == before + 1
        again = await seen(same, "/melden/ontvangen")
        assert re.findall(r"K-2026-\d{6}", again) == re.findall(r"K-2026-\d{6}", first)


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("wat", {}, "Kies wat u merkt."),
        ("wat", {"categorie": "onzin"}, "Kies wat u merkt."),
        ("waar", {}, "Vul een adres in"),
        ("waar", {"postcode": "75"}, "postcode"),
        ("waar", {"lat": "51.5", "lon": "-0.1"}, "Nederland"),
        ("verhaal", {"wanneer": "nu"}, "Schrijf op wat u merkt."),
        ("verhaal", {**EARLIER, "datum": "2027-01-01"}, "niet in de toekomst"),
        ("verhaal", {**EARLIER, "datum": "9999-12-31", "tijd": "23:59"}, "niet in de toekomst"),
        (
            "verhaal",
            {**EARLIER, "datum": "1970-01-01"},
            "Dag: vul een datum in tussen 1990 en 2100",
        ),
        ("verhaal", {**EARLIER, "datum": "gisteren"}, "Vul een datum in, bijvoorbeeld"),
        ("contact", {"email": "geen adres"}, "e-mailadres"),
    ],
)
async def test_a_wrong_answer_comes_back_with_what_to_do(
    intake: Intake, step: str, fields: dict[str, str], message: str
) -> None:
    async with intake.site() as citizen:
        response = await post(citizen, f"/melden/{step}", fields)
        assert response.status_code == 400
        assert message in response.text
        assert 'role="alert"' in response.text


async def test_nobody_skips_a_question_that_must_be_answered(intake: Intake) -> None:
    async with intake.site() as citizen:
        first = await citizen.get("/melden/controleren")
        assert first.headers["location"] == "/intake/melden/wat"
        await post(citizen, "/melden/wat", ANSWERS["wat"])
        second = await post(citizen, "/melden/controleren")
        assert second.headers["location"] == "/intake/melden/waar"
        citizen.cookies.clear()
        citizen.cookies.set("vth_melding", "verzonnen")
        assert (await citizen.get("/melden/controleren")).status_code == 303
        assert (await citizen.get("/melden/ontvangen")).status_code == 303


async def test_a_form_from_another_site_is_refused(intake: Intake) -> None:
    async with intake.site() as citizen:
        citizen.headers["sec-fetch-site"] = "cross-site"
        assert (await post(citizen, "/melden/wat", ANSWERS["wat"])).status_code == 403


async def test_one_address_reports_so_often_and_loses_nothing(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = intake.app.state.kit
    monkeypatch.setattr(kit, "public_limit", replace(kit.public_limit, per_hour=1))
    async with intake.site() as citizen:
        await answer_all(citizen)
        assert (await post(citizen, "/melden/controleren")).status_code == 303
        await answer_all(citizen)
        before = await count(intake)
        refused = await post(citizen, "/melden/controleren")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert "Wat u invulde blijft bewaard. Probeer het over 60 minuten opnieuw." in refused.text
        assert "Een zoete lucht." in refused.text
        assert await count(intake) == before
        monkeypatch.setattr(kit, "public_limit", replace(kit.public_limit, per_hour=0))
        assert (await post(citizen, "/melden/controleren")).status_code == 303
        assert await count(intake) == before + 1


async def test_the_officer_types_one_screen_and_reads_the_number_back(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    await seen(officer, "/klachten/nieuw")
    typed = {
        "categorie": "geluid",
        "omschrijving": "Gedreun uit de hal.",
        "urgentie": "hoog",
        "kanaal": "telefoon",
        "plaatsomschrijving": "Naast de haven",
        "lat": "52.2216",
        "lon": "6.8938",
        "naam": "J. Voorbeeld",
        "email": "j@example.nl",
        "terugkoppeling": "ja",
        "idempotentiesleutel": "een-telefoontje",
    }
    before = await count(intake)
    saved = await post(officer, "/klachten/nieuw", typed)
    assert saved.status_code == 303, saved.text
    again = await post(officer, "/klachten/nieuw", typed)
    assert again.headers["location"] == saved.headers["location"]
    assert await count(intake) == before + 1
    after = await seen(officer, saved.headers["location"].removeprefix("/intake"))
    assert re.search(r"K-2026-\d{6}", after)
    assert "Schermfabriek" in after
    wrong = await post(officer, "/klachten/nieuw", {**typed, "omschrijving": ""})
    assert wrong.status_code == 400
    assert "Naast de haven" in wrong.text


async def test_from_link_to_answer_on_screen(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    taken = await receive(officer)
    at = f"/klachten/{taken['id']}"

    async def do(deed: str, version: int, **fields: str) -> None:
        await seen(officer, f"{at}/{deed}")
        response = await post(officer, f"{at}/{deed}", {"versie": str(version), **fields})
        assert response.status_code == 303, response.text

    await do("koppelen", 1, keuze=str(factory.location_id))
    page = await seen(officer, at)
    assert f"/risk/fragmenten/locaties/{factory.location_id}" in page
    assert f"/reporting/fragmenten/zaken/{taken['id']}" in page
    await do("contact", 2, partij="melder", soort="telefoon", verslag="Gebeld.")
    await do("beoordelen", 3, oordeel="gegrond", oorzaak="storing", toelichting="Filter stuk.")
    letter = await seen(officer, f"{at}/afhandelen")
    assert "Filter stuk." in letter
    # The preview opens nobody's data.
    assert "J. Voorbeeld" not in letter
    await do("afhandelen", 4, antwoordwijze="e-mail")
    assert "Afgehandeld" in await seen(officer, at)
    assert not await intake.rows(
        select(processing).where(processing.c.complaint_id == UUID(taken["id"]))
    )


async def test_a_refusal_stands_beside_the_field_and_keeps_what_was_typed(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    fields = {"versie": "2", "oordeel": "gegrond", "toelichting": "Het filter was stuk."}
    refused = await post(officer, f"/klachten/{one['id']}/beoordelen", fields)
    assert refused.status_code in {400, 409}
    assert "Kies de oorzaak" in refused.text
    assert "Het filter was stuk." in refused.text
    stale = await post(
        officer,
        f"/klachten/{one['id']}/beoordelen",
        {**fields, "versie": "1", "oorzaak": "storing"},
    )
    assert stale.status_code == 412
    assert "intussen gewijzigd" in stale.text


async def test_the_person_is_shown_for_a_reason_and_erased_on_request(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    at = f"/klachten/{taken['id']}"
    assert "j@example.nl" not in await seen(officer, at)
    shown = await post(officer, f"{at}/melder", {"doel": "contact met de melder"})
    assert "j@example.nl" in shown.text
    assert (await post(officer, f"{at}/melder", {"doel": "zomaar"})).status_code == 400
    unsure = await post(officer, f"{at}/melder/wissen", {"versie": "1"})
    assert unsure.status_code == 400
    gone = await post(officer, f"{at}/melder/wissen", {"versie": "1", "zeker": "ja"})
    assert gone.status_code == 303
    page = await seen(officer, f"{at}?gedaan=gewist")
    assert "De gegevens zijn gewist." in page
    acts = await intake.rows(
        select(processing.c.act)
        .where(processing.c.complaint_id == UUID(taken["id"]))
        .order_by(processing.c.id)
    )
    assert [row["act"] for row in acts] == ["ingezien", "gewist"]


async def test_an_inspection_is_asked_for_on_the_incident_page(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    at = f"/incidenten/{one['incidentId']}"
    assert one["nummer"] in await seen(officer, at)
    empty = await post(officer, f"{at}/controleverzoeken", {"versie": "1", "urgentie": "hoog"})
    assert empty.status_code == 400
    fields = {"versie": "1", "urgentie": "hoog", "reden": "Het stinkt nu."}
    asked = await post(officer, f"{at}/controleverzoeken", fields)
    assert asked.status_code == 303
    assert "Het stinkt nu." in await seen(officer, at)
    assert (await intake.published(one["incidentId"]))[-1] == "controle-gevraagd"
    assert "I-2026-" in await seen(officer, "/incidenten")


async def test_the_work_list_shows_views_filters_and_what_the_search_finds(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory, categorie="trilling")
    for view in ("open", "laat", "mijn", "vrij", "klaar"):
        await seen(officer, f"/klachten?weergave={view}")
    assert one["nummer"] in await seen(officer, "/klachten?categorie=trilling")
    assert one["nummer"] in await seen(officer, f"/klachten?zoek={one['nummer']}")
    assert one["nummer"] in await seen(officer, f"/fragmenten/zoeken?q={one['nummer']}")
    place = await seen(officer, f"/fragmenten/locaties/{factory.location_id}/klachten")
    assert one["nummer"] in place
    assert "<html" not in place


async def test_a_failed_letter_is_sent_again_from_its_list(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    letter = await fail_letter(intake, taken["id"], "de mailserver weigert het")
    page = await seen(officer, "/berichten")
    assert taken["nummer"] in page
    assert "de mailserver weigert het" in page
    again = await post(officer, f"/berichten/{letter}/opnieuw")
    assert again.status_code == 303
    assert taken["nummer"] not in await seen(officer, "/berichten")


async def test_who_may_only_read_sees_no_deeds_and_the_unsigned_are_sent_to_sign_in(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    async with intake.client("enschede") as participant:
        page = await seen(participant, f"/klachten/{one['id']}")
        assert "Beoordeel" not in page
        assert "Toon de melder" not in page
        assert (await participant.get("/klachten/nieuw")).status_code == 403
        assert (await participant.get("/berichten")).status_code == 403
        hidden = await receive(officer)
        assert (await participant.get(f"/klachten/{hidden['id']}")).status_code == 404
    async with intake.client(None) as nobody:
        away = await nobody.get("/klachten")
        assert away.headers["location"].startswith("/inloggen?terug=")


async def test_what_enforcement_found_is_in_the_letter_before_it_is_sent(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    outcome = {"oordeel": "ongegrond", "toelichting": "Binnen de norm."}
    assert (await change(officer, one, "beoordelingen", outcome)).status_code == 200
    letter = await seen(officer, f"/klachten/{one['id']}/afhandelen")
    assert "niet gegrond" in letter

"""The screens of risk: what they say, and that every form works as a plain post."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import httpx2
import pytest

from shared.auth.issuer import BY_SUBJECT
from tests.integration.risk.conftest import (
    BODY,
    Risk,
    found_violation,
    inspected,
    linked,
    registered,
)
from tests.support.statements import counted

FORM = {
    "naam": "Formulier & Zn",
    "deelnemer": "gm0153",
    "activiteiten": "3.4.4, § 3.2.9",
    "straatnaam": "Havenweg",
    "breedtegraad": "52,22",
    "lengtegraad": "6,893",
    "actief": "ja",
}


async def test_the_page_of_a_location_explains_its_score(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, violations=1))
    await risk.deliver(found_violation(made))
    await risk.deliver(linked(made))
    page = await planner.get(f"/locaties/{made['id']}")
    assert page.status_code == 200, page.text[:2000]
    for text in (
        "Wat zou deze score veranderen",
        "Voorbeeldmodel, niet vastgesteld",
        "Klachten tellen niet mee in de score",
        "1 in 12 maanden",
        "Overtreding O-2026-000001",
        f'hx-get="/intake/fragmenten/locaties/{made["id"]}/klachten"',
        f'hx-get="/enforcement/fragmenten/locaties/{made["id"]}"',
    ):
        assert text in page.text, text
    fragment = await planner.get(f"/fragmenten/locaties/{made['id']}")
    assert BODY["naam"] in fragment.text
    assert "<html" not in fragment.text


async def test_who_recomputes_a_score_from_its_page_finds_the_same(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, violations=1))
    await risk.deliver(found_violation(made))
    page = (await planner.get(f"/locaties/{made['id']}")).text
    told = re.findall(r"\+([\d,]+)</td>.*?>([\d,]+) × gewicht ([\d,]+);", page, re.DOTALL)
    assert len(told) == 4
    for added, value, weight in told:
        exact = dutch(value) * dutch(weight) * 100
        assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == dutch(added)
    assert not re.search(r">[^<]* 00:00<", page)
    (total,) = re.findall(r'Score</th><td class="vth-num"><strong>([\d,]+)<', page)
    assert sum(dutch(added) for added, _, _ in told) == dutch(total)
    assert f'Risicoscore: <strong class="vth-figure">{total}<' in page


async def test_who_may_not_open_cases_gets_no_links_to_them(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, violations=1))
    async with risk.client("beheer") as administrator:
        page = (await administrator.get(f"/locaties/{made['id']}")).text
    for place in ("/intake/klachten", "/intake/fragmenten", "/enforcement/controles"):
        assert place not in page, place
    assert "/enforcement/controles/" in (await planner.get(f"/locaties/{made['id']}")).text


def dutch(figure: str) -> Decimal:
    return Decimal(figure.replace(",", "."))


async def test_a_long_history_takes_the_page_no_more_statements(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, number="C-0"))
    await risk.deliver(linked(made, number="K-0"))
    sent = []
    for _ in range(2):
        await planner.get(f"/locaties/{made['id']}")
        with counted() as statements:
            page = await planner.get(f"/locaties/{made['id']}")
        assert page.status_code == 200
        sent.append(statements.count)
        await risk.deliver(*(inspected(made, number=f"C-{n}") for n in range(1, 40)))
        await risk.deliver(*(linked(made, number=f"K-{n}") for n in range(1, 200)))
    assert 0 < sent[1] <= sent[0]
    assert 'rel="next"' in page.text


async def test_the_list_keeps_its_filters_and_exports_its_selection(
    planner: httpx2.AsyncClient,
) -> None:
    made = await registered(planner, naam="=Som & Co")
    listed = await planner.get("/locaties?zoek=som&risicoklasse=&deelnemer=gm0153")
    assert listed.status_code == 200
    assert "=Som &amp; Co" in listed.text
    assert "data-vth-map" in listed.text
    assert 'value="som"' in listed.text
    exported = await planner.get("/locaties.csv?zoek=som")
    assert exported.headers["content-type"].startswith("text/csv")
    lines = exported.text.splitlines()
    assert len(lines) == 2
    assert f"{made['nummer']};'=Som & Co;" in lines[1]
    assert "nooit" in lines[1]
    nothing = await planner.get("/locaties?zoek=bestaatniet")
    assert "Geen locaties gevonden" in nothing.text
    odd = await planner.get("/locaties?risicoklasse=paars&sorteer=kleur&zoek=%00")
    assert odd.status_code == 200


@pytest.mark.parametrize("sort", ["-score", "naam", "-laatste-controle"])
async def test_an_export_is_whole_however_many_pages_it_takes(
    planner: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("shared.ui.spreadsheet.ROWS_AT_ONCE", 2)
    made = [await registered(planner, naam=f"Uitvoer {sort} {n}") for n in range(5)]
    exported = await planner.get(
        "/locaties.csv", params={"zoek": f"uitvoer {sort}", "sorteer": sort}
    )
    lines = exported.text.splitlines()
    assert lines[0].startswith("\ufeffnummer;naam")
    assert sorted(line.split(";")[0] for line in lines[1:]) == sorted(m["nummer"] for m in made)


async def test_who_may_not_look_exports_nothing(risk: Risk) -> None:
    nobody = replace(BY_SUBJECT["planner"], roles=())
    async with risk.client(nobody) as client:
        assert (await client.get("/locaties.csv")).status_code == 403


async def test_who_may_plans_an_inspection_from_the_location(
    planner: httpx2.AsyncClient, risk: Risk
) -> None:
    made = await registered(planner)
    button = f'href="/enforcement/controles/nieuw?locatie={made["nummer"]}"'
    assert button in (await planner.get(f"/locaties/{made['id']}")).text
    async with risk.client("controller") as controller:
        assert button not in (await controller.get(f"/locaties/{made['id']}")).text


async def test_a_location_is_registered_and_changed_on_screen(
    planner: httpx2.AsyncClient,
) -> None:
    assert (await planner.get("/locaties/nieuw")).status_code == 200
    made = await planner.post("/locaties/nieuw", data=FORM)
    assert made.status_code == 303, made.text[:2000]
    where = made.headers["location"].removeprefix("/risk")
    form = await planner.get(f"{where}/wijzigen")
    assert 'value="52,22"' in form.text
    assert 'value="3.4.4, 3.2.9"' in form.text
    changed = {**FORM, "naam": "Anders", "versie": "1"}
    assert (await planner.post(f"{where}/wijzigen", data=changed)).status_code == 303
    late = await planner.post(f"{where}/wijzigen", data=changed)
    assert late.status_code == 412
    assert "intussen gewijzigd" in late.text


async def test_a_wrong_form_comes_back_with_what_was_typed(planner: httpx2.AsyncClient) -> None:
    wrong = {**FORM, "naam": "", "breedtegraad": "12", "postcode": "75"}
    page = await planner.post("/locaties/nieuw", data=wrong)
    assert page.status_code == 400
    for field in ("naam", "breedtegraad", "postcode"):
        assert f'href="#{field}"' in page.text
    assert 'value="Havenweg"' in page.text
    unknown = await planner.post("/locaties/nieuw", data={**FORM, "activiteiten": "3.99.1"})
    assert unknown.status_code == 409
    assert 'href="#activiteiten"' in unknown.text


async def test_the_programme_and_the_models_are_on_screen(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    await registered(planner)
    plan = await planner.get("/toezichtprogramma?uren=30&rangschikking=score-per-uur")
    assert "Prioriteitenlijst" in plan.text
    assert (await planner.get("/toezichtprogramma?uren=abc")).status_code == 200
    assert "voorbeeld-1" in (await planner.get("/risicomodellen")).text


async def test_a_variant_is_proposed_and_another_person_activates_it(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    form = await planner.get("/risicomodellen/nieuw")
    assert 'value="0,40"' in form.text
    typed = {
        "modelversie": "2027-1",
        "omschrijving": "Strenger op tijd",
        **{f"gewicht-{name}": value for name, value in
           (("effect", "0,30"), ("naleefgedrag", "0,40"), ("tijd", "0,30"), ("klachten", "0"))},
        "klasse-hoog": "50",
        "klasse-midden": "30",
        **{f"termijn-{name}": value for name, value in
           (("hoog", "12"), ("midden", "24"), ("laag", "48"))},
        **{f"uren-{name}": value for name, value in
           (("hoog", "24"), ("midden", "12"), ("laag", "7,5"))},
        "drempel-klachten": "2",
        "drempel-maanden": "12",
    }  # fmt: skip
    wrong = await planner.post("/risicomodellen/nieuw", data={**typed, "gewicht-tijd": "veel"})
    assert wrong.status_code == 400
    assert 'href="#gewicht-tijd"' in wrong.text
    typed["gewicht-klachten"] = "-0"
    made = await planner.post("/risicomodellen/nieuw", data=typed)
    assert made.status_code == 303, made.text[:3000]
    where = made.headers["location"].removeprefix("/risk")
    assert "vier ogen" in (await planner.get(where)).text
    async with risk.client("beheer") as other:
        empty = await other.post(where, data={"versie": "1", "besluitkenmerk": ""})
        assert empty.status_code == 400
        done = await other.post(where, data={"versie": "1", "besluitkenmerk": "DB 2027-3"})
        assert done.status_code == 303
        assert "DB 2027-3" in (await other.get(where)).text


async def test_who_may_not_change_sees_no_form(risk: Risk, planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    async with risk.client("enschede") as participant:
        page = await participant.get(f"/locaties/{made['id']}")
        assert page.status_code == 200
        assert "Wijzig gegevens" not in page.text
        assert (await participant.get("/locaties/nieuw")).status_code == 403
    async with risk.client("hengelo") as stranger:
        assert (await stranger.get(f"/locaties/{made['id']}")).status_code == 404

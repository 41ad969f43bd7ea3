"""The screens: the chain walked with plain forms, as without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from services.enforcement.locations import searching
from services.enforcement.tables import inspection, violation
from shared.db.search import FEW
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
)

HIDDEN = re.compile(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"')


def html(response: httpx2.Response, status: int = 200) -> str:
    assert response.status_code == status, response.text[:2000]
    assert response.headers["content-type"].startswith("text/html")
    return response.text


def part(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to this address."""
    found = page.split(f'action="{action}"', 1)
    assert len(found) == 2, f"no form for {action}"
    return dict(HIDDEN.findall(found[1].split("</form>", 1)[0]))


async def send(
    client: httpx2.AsyncClient, page_url: str, action: str, **fields: Any
) -> httpx2.Response:
    """Open the page, fill in the form, send it."""
    hidden = part(html(await client.get(page_url)), action)
    address = action.removeprefix("/enforcement")
    return await client.post(address, data={**hidden, **fields})


async def test_an_inspector_plans_finds_corrects_and_completes(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    place = await enforcement.location(name="Galvano Proef")
    new = "/controles/nieuw"
    planned = await send(
        inspector,
        new,
        "/enforcement" + new,
        locatieId=place.number,
        soort="themacontrole",
        controledatum=TODAY.isoformat(),
    )
    assert planned.status_code == 303, planned.text
    url = planned.headers["location"].removeprefix("/enforcement")
    page = html(await inspector.get(url))
    assert "Galvano Proef" in page
    assert "Nog geen bevindingen" in page
    recorded = f"/enforcement{url}/bevindingen"
    sent = await send(inspector, url, recorded, controleOnderwerp="geur", resultaat=COMPLIANT)
    assert sent.headers["location"] == f"/enforcement{url}#bevindingen"
    sent = await send(
        inspector,
        f"{url}?wijzig=1",
        recorded,
        controleOnderwerp="geur",
        resultaat=VIOLATED,
        gevolg="3",
    )
    assert sent.status_code == 303, sent.text
    await send(inspector, url, f"/enforcement{url}/afronding", uitvoeringsdatum=TODAY.isoformat())
    page = html(await inspector.get(url))
    assert "Uitgevoerd" in page
    assert "/enforcement/overtredingen/" in page
    assert "Nieuwe bevinding" not in page


async def test_an_error_keeps_what_was_typed_and_names_the_field(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    body = {"soort": "periodieke controle", "locatieId": str(place.location_id)}
    planned = ok(await inspector.post("/v1/controles", json=body), 201)
    url = f"/controles/{planned['id']}"
    action = f"/enforcement{url}/bevindingen"
    page = html(await send(inspector, url, action, bijzonderheden="Rook uit de schoorsteen"), 400)
    assert "Rook uit de schoorsteen" in page
    assert 'href="#resultaat"' in page
    assert 'href="#controleOnderwerp"' in page


async def test_a_double_click_records_one_finding(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    body = {"soort": "periodieke controle", "locatieId": str(place.location_id)}
    planned = ok(await inspector.post("/v1/controles", json=body), 201)
    url = f"/controles/{planned['id']}"
    action = f"/enforcement{url}/bevindingen"
    fields = part(html(await inspector.get(url)), action)
    fields |= {"controleOnderwerp": "geur", "resultaat": COMPLIANT}
    first = await inspector.post(f"{url}/bevindingen", data=fields)
    second = await inspector.post(f"{url}/bevindingen", data=fields)
    assert first.headers["location"] == second.headers["location"]
    found = ok(await inspector.get(f"/v1/controles/{planned['id']}"))
    assert len(found["bevindingen"]) == 1


async def test_the_lawyer_walks_the_whole_case_on_one_page(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    url, own = f"/overtredingen/{found}", f"/enforcement/overtredingen/{found}"
    page = html(await lawyer.get(url))
    assert "Nog niet gepositioneerd" in page
    # The inspector's judgement is proposed, and nothing more than that.
    assert re.search(r'value="C3" checked', page)

    sent = await send(lawyer, url, f"{own}/positioneren", cel="B3", recidive="")
    assert sent.status_code == 303, sent.text
    page = html(await lawyer.get(url))
    assert "Advies van cel B3" in page
    assert "niet geverifieerd" in page

    refused = await send(lawyer, url, f"{own}/maatregel", handhavingsinstrument="waarschuwing")
    page = html(refused, 409)
    assert "Motiveer waarom u lichter ingrijpt" in page
    chosen_now = await send(
        lawyer,
        url,
        f"{own}/maatregel",
        **{
            "handhavingsinstrument": "last onder dwangsom",
            "last.wijze": "per overtreding",
            "last.bedrag": "1.250,00",
            "last.maximum": "5000",
            "begunstigingsdagen": "14",
        },
    )
    assert chosen_now.status_code == 303, chosen_now.text
    (measure,) = ok(await lawyer.get(f"/v1/overtredingen/{found}"))["handhavingsmaatregelen"]
    assert (measure["bedrag"], measure["maximum"]) == ("1250.00", "5000.00")
    page = html(await lawyer.get(url))
    assert "U hebt mandaat" in page

    step = f"/handhavingsmaatregelen/{measure['id']}"
    announcing = f"{step}/voornemen"
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    refused = await send(lawyer, announcing, f"/enforcement{announcing}", besluitdatum=tomorrow)
    assert "niet in de toekomst" in html(refused, 409)
    announced = await send(
        lawyer, announcing, f"/enforcement{announcing}", besluitdatum=TODAY.isoformat()
    )
    assert announced.status_code == 303, announced.text
    assert "Een voornemen is niet aan de orde" in html(await lawyer.get(announcing))
    imposing = f"{step}/oplegging"
    refused = await send(
        lawyer, imposing, f"/enforcement{imposing}", besluitdatum=TODAY.isoformat()
    )
    assert "Awb 4:8" in html(refused, 409)
    imposed = await send(
        lawyer,
        imposing,
        f"/enforcement{imposing}",
        besluitdatum=TODAY.isoformat(),
        zienswijzedatum=TODAY.isoformat(),
    )
    assert imposed.status_code == 303, imposed.text
    page = html(await lawyer.get(url))
    assert "Begunstigingstermijn" in page
    assert "Awb 5:32a" in page
    told = page[page.index("vth-timeline") :]
    assert f'<time datetime="{TODAY.isoformat()}">di 24 nov 2026</time>' in told
    shown = await lawyer.get(step)
    assert shown.headers["location"].startswith(f"{own}#maatregel-HM-")


async def test_a_reinspection_that_finds_it_again_offers_the_forfeiture(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found, begunstigingsdagen=0)
    ok(await act(lawyer, measure["id"], "oplegging", redenSpoed="Acuut gevaar."))
    enforcement.at(TODAY.replace(day=25))
    url, own = f"/overtredingen/{found}", f"/enforcement/overtredingen/{found}"
    again = await send(lawyer, url, f"{own}/hercontrole")
    identity = again.headers["location"].rpartition("/")[2]
    page = html(await inspector.get(f"/controles/{identity}"))
    assert "Is de overtreding hersteld?" in page
    await carried_out(inspector, identity, VIOLATED)
    page = html(await lawyer.get(url))
    assert "De last is niet uitgevoerd" in page
    step = f"/enforcement/handhavingsmaatregelen/{measure['id']}"
    await send(lawyer, url, f"{step}/verbeurte")
    page = html(await lawyer.get(url))
    assert "Verjaring dwangsom" in page
    assert "De last is niet uitgevoerd" not in page
    collecting = f"/handhavingsmaatregelen/{measure['id']}/invordering"
    paid = await send(
        lawyer,
        collecting,
        f"{step}/invordering",
        volgnummer="1",
        handeling="betaling",
        datum="2026-11-25",
    )
    assert paid.status_code == 303, paid.text
    assert "Verjaring dwangsom" not in html(await lawyer.get(url))
    ending = f"/handhavingsmaatregelen/{measure['id']}/beeindiging"
    ended = await send(
        lawyer, ending, f"{step}/beeindiging", resultaat="uitgewerkt", einddatum="2026-11-25"
    )
    assert ended.status_code == 303, ended.text


@pytest.mark.parametrize(
    "url",
    [
        "/controles",
        "/controles?weergave=alle&zoek=Voorbeeld&soort=hercontrole",
        "/controles?weergave=mijn",
        "/controles?zoek=%25_%00",
        "/controles.csv?weergave=alle",
        "/overtredingen",
        "/overtredingen?weergave=hersteld&cel=B3",
        "/overtredingen?weergave=onzin&zoek=niets",
        "/overtredingen.csv",
        "/fragmenten/zoeken?q=Voorbeeld&plaats=Handhaving",
        "/fragmenten/zoeken?q=C-2026&plaats=Toezicht",
        "/fragmenten/locaties/018f0000-0000-7000-8000-00000000000a",
    ],
)
async def test_lists_and_fragments_are_drawn(lawyer: httpx2.AsyncClient, url: str) -> None:
    response = await lawyer.get(url)
    assert response.status_code == 200, response.text[:500]


# With none the list is walked, as for a phrase that very many locations have.
@pytest.mark.parametrize("few", [FEW, 0])
async def test_lists_show_what_there_is(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    lawyer: httpx2.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    place = await enforcement.location(name="=1+1 Zoekfabriek")
    found = await established(inspector, place.location_id)
    case = ok(await lawyer.get(f"/v1/overtredingen/{found}"))
    page = html(await lawyer.get("/overtredingen?zoek=Zoekfabriek"))
    assert case["nummer"] in page
    csv = (await lawyer.get("/overtredingen.csv?zoek=Zoekfabriek")).text
    assert "'=1+1 Zoekfabriek" in csv
    fragment = html(await lawyer.get(f"/fragmenten/locaties/{place.location_id}"))
    assert case["nummer"] in fragment
    assert case["controlenummer"] in fragment
    assert "<html" not in fragment
    for words in (case["nummer"], case["nummer"][:-1], place.number):
        assert case["nummer"] in html(await lawyer.get(f"/overtredingen?zoek={words}"))
    assert case["nummer"] not in html(await lawyer.get("/overtredingen?zoek=Zo"))
    assert case["nummer"] not in html(await lawyer.get("/overtredingen?zoek=Zoekbakker"))
    assert case["controlenummer"] in html(
        await inspector.get("/controles?weergave=alle&zoek=zoekFABRIEK")
    )
    searched = html(await lawyer.get("/fragmenten/zoeken?q=Zoekfabriek&plaats=Handhaving"))
    assert case["nummer"] in searched


async def test_nobody_reads_or_writes_without_the_right(
    enforcement: Enforcement, inspector: httpx2.AsyncClient
) -> None:
    place = await enforcement.location(participant="gm0164")
    found = await established(inspector, place.location_id)
    async with enforcement.client(None) as nobody:
        away = await nobody.get(f"/overtredingen/{found}")
        assert (away.status_code, away.headers["location"].split("?")[0]) == (303, "/inloggen")
    async with enforcement.client("enschede") as other:
        assert (await other.get(f"/overtredingen/{found}")).status_code == 404
    async with enforcement.client("hengelo") as own:
        page = html(await own.get(f"/overtredingen/{found}"))
        assert "Positioneer de overtreding</summary>" not in page
        assert "Plan een hercontrole" not in page
        action = f"/overtredingen/{found}/positioneren"
        assert (await own.post(action, data={"cel": "A1"})).status_code == 403
    strange = {"sec-fetch-site": "cross-site"}
    before = await _counts(enforcement)
    for url in ("/controles/nieuw", f"/overtredingen/{found}/hercontrole"):
        refused = await inspector.post(url, data={}, headers=strange)
        assert refused.status_code == 403
    assert await _counts(enforcement) == before


async def _counts(enforcement: Enforcement) -> list[int]:
    found = [
        await enforcement.rows(select(func.count().label("n")).select_from(table))
        for table in (inspection, violation)
    ]
    return [int(rows[0]["n"]) for rows in found]


async def test_a_file_for_a_spreadsheet_is_whole_whatever_the_page_it_is_read_by(
    enforcement: Enforcement,
    inspector: httpx2.AsyncClient,
    lawyer: httpx2.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = await enforcement.location(name="Exportfabriek")
    for _ in range(3):
        await established(inspector, place.location_id)
    listed = ok(await lawyer.get(f"/v1/overtredingen?locatieId={place.location_id}"))["resultaten"]
    monkeypatch.setattr("shared.ui.spreadsheet.ROWS_AT_ONCE", 2)
    for path in ("overtredingen", "controles"):
        url = f"/{path}.csv?weergave=uitgevoerd&locatieId={place.location_id}"
        url = url.replace("weergave=uitgevoerd&", "") if path == "overtredingen" else url
        lines = (await lawyer.get(url)).text.splitlines()
        assert len(lines) == 4
        assert len(set(lines)) == 4
    numbers = {each["nummer"] for each in listed}
    whole = (await lawyer.get(f"/overtredingen.csv?locatieId={place.location_id}")).text
    assert all(number in whole for number in numbers)

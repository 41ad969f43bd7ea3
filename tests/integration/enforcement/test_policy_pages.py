"""Policy on screen: the mandate register, and versions of the matrix under four eyes."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from services.enforcement.policy.domain.matrix import CELLS
from tests.integration.enforcement.conftest import Enforcement

MANDATE = {
    "deelnemer": "gm0164",
    "orgaan": "college van burgemeester en wethouders van Hengelo",
    "functie": "jurist",
    "bevoegdheid": "bestuurlijke boete",
    "artikel": "Awb 5:41",
    "maximum": "10.000",
    "geldigVanaf": "2026-01-01",
    "bron": "Mandaatbesluit 2026, 3.2",
}


@pytest.fixture
async def leader(enforcement: Enforcement) -> Any:
    async with enforcement.client("teamleider") as client:
        yield client


def text_of(response: httpx2.Response, status: int = 200) -> str:
    assert response.status_code == status, response.text[:800]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def boxes(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form, unchanged."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        chosen = " checked" in tag or not re.search('type="(radio|checkbox)"', tag)
        if name and value and chosen and name[1] != "q":
            found.setdefault(name[1], []).append(unescape(value[1]))
    for name, body in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        if chosen_now := re.search(r'<option value="([^"]*)" selected', body):
            found[name] = [chosen_now[1]]
    return found


async def test_a_mandate_is_registered_and_found(leader: httpx2.AsyncClient) -> None:
    assert "Geldig vanaf" in text_of(await leader.get("/mandaten/nieuw"))
    sent = await leader.post("/mandaten/nieuw", data={**MANDATE, "idempotentiesleutel": "een"})
    assert sent.status_code == 303, sent.text
    where = sent.headers["location"].removeprefix("/enforcement")
    page = text_of(await leader.get(where))
    for told in ("Geldt", "€ 10.000,00", "Mandaatbesluit 2026, 3.2", "teamleider", "onbepaald"):
        assert told in page
    again = await leader.post("/mandaten/nieuw", data={**MANDATE, "idempotentiesleutel": "een"})
    assert again.headers["location"] == sent.headers["location"]
    listed = text_of(await leader.get("/mandaten?deelnemer=gm0164&bevoegdheid=bestuurlijke boete"))
    assert "1 mandaat op deze pagina" in listed
    everything = text_of(await leader.get("/mandaten"))
    assert "voorbeeld, niet vastgesteld" in everything


@pytest.mark.parametrize(
    ("changes", "said", "status"),
    [
        ({"orgaan": ""}, 'href="#orgaan"', 400),
        ({"maximum": "veel"}, 'href="#maximum"', 400),
        ({"geldigTot": "2025-01-01"}, "Het einde ligt voor het begin.", 409),
    ],
)
async def test_a_wrong_mandate_comes_back(
    leader: httpx2.AsyncClient, changes: dict[str, str], said: str, status: int
) -> None:
    refused = await leader.post("/mandaten/nieuw", data={**MANDATE, **changes})
    assert refused.status_code == status
    assert said in refused.text
    assert "Mandaatbesluit 2026, 3.2" in refused.text


async def test_who_reads_does_not_register(
    enforcement: Enforcement, lawyer: httpx2.AsyncClient
) -> None:
    assert "Voeg een mandaat toe" not in text_of(await lawyer.get("/mandaten"))
    assert (await lawyer.get("/mandaten/nieuw")).status_code == 403
    assert (await lawyer.post("/mandaten/nieuw", data=MANDATE)).status_code == 403
    assert (await lawyer.get("/lhso-matrices/nieuw")).status_code == 403
    async with enforcement.client("hengelo") as participant:
        own = text_of(await participant.get("/mandaten"))
        assert "Hengelo" in own
        assert "Enschede" not in own


async def test_a_matrix_is_drawn_up_by_one_and_adopted_by_another(
    enforcement: Enforcement, leader: httpx2.AsyncClient
) -> None:
    form = boxes((await leader.get("/lhso-matrices/nieuw")).text)
    assert set(form[f"cellen.{CELLS.index('B3')}.bestuursrechtelijk"]) >= {
        "last onder dwangsom",
        "bestuurlijke boete",
    }
    form |= {"matrixversie": ["lhso-scherm"], "omschrijving": ["Vastgestelde strategie"]}
    form |= {f"cellen.{number}.geverifieerd": ["ja"] for number in range(len(CELLS))}
    first = f"cellen.{CELLS.index('A1')}"
    bare = {name: value for name, value in form.items() if name != f"{first}.bestuursrechtelijk"}
    refused = await leader.post("/lhso-matrices/nieuw", data=bare)
    assert refused.status_code == 400
    assert f'href="#{first}.bestuursrechtelijk"' in refused.text
    drawn = await leader.post("/lhso-matrices/nieuw", data=form)
    assert drawn.status_code == 303, drawn.text
    where = drawn.headers["location"].removeprefix("/enforcement")
    own = text_of(await leader.get(where))
    assert "Iemand anders moet haar vaststellen (vier ogen)." in own
    decision = {"versie": "1", "besluitkenmerk": "AB 2026-12"}
    by_author = await leader.post(f"{where}/activering", data=decision)
    assert "vierogenprincipe" in text_of(by_author, 409)
    twice = await leader.post("/lhso-matrices/nieuw", data={**form, "idempotentiesleutel": ["x"]})
    assert "Dit bestaat al" in text_of(twice, 409)
    async with enforcement.client("beheer") as other:
        empty = await other.post(f"{where}/activering", data={**decision, "besluitkenmerk": ""})
        assert 'href="#besluitkenmerk"' in empty.text
        done = await other.post(f"{where}/activering", data=decision)
        assert done.status_code == 303, done.text
        page = text_of(await other.get(where))
    for told in ("Actief", "AB 2026-12", "beheer"):
        assert told in page
    assert "niet geverifieerd" not in page
    assert "Vervallen" in text_of(await leader.get("/lhso-matrices"))

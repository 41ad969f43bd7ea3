"""Every page of every service on a running platform: seen, judged by axe, and used."""

import re
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.async_api import Browser, Page

from tests.browser import driver
from tests.browser.driver import Complaints, axe, look, new_page, picture, sideways, visit
from tests.e2e.pages import FRAGMENTS, PAGES, matches, page_routes, unseen
from tests.e2e.walked import Walked

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]

CASES = [(user, name, path) for user, pages in PAGES.items() for name, path in pages.items()]


@pytest.mark.parametrize(("user", "name", "path"), CASES, ids=[name for _, name, _ in CASES])
async def test_page_is_accessible_and_fits(
    walked: Walked, page: Page, complaints: Complaints, user: str, name: str, path: str
) -> None:
    await walked.sign_in(page, user)
    answer = await page.goto(walked.address(path))
    assert answer is not None
    assert answer.status == 200
    wrong = await look(page, walked.address(path), name)
    assert not wrong + complaints.found, "\n".join(wrong + complaints.found)


def test_no_page_is_forgotten() -> None:
    """A page that is added is looked at above, or this fails."""
    assert unseen(page_routes()) == []


@pytest.mark.parametrize("route", FRAGMENTS)
async def test_a_fragment_stands_in_its_page(walked: Walked, page: Page, route: str) -> None:
    user, path = FRAGMENTS[route]
    answers: list[tuple[str, int]] = []
    page.on("response", lambda each: answers.append((urlsplit(each.url).path, each.status)))
    await walked.sign_in(page, user)
    await visit(page, walked.address(path))
    assert {status for address, status in answers if matches(route, address)} == {200}
    assert await axe(page) == []


async def _next(page: Page, text: str = "Verder") -> None:
    await page.get_by_role("button", name=text).click()


async def _report(page: Page, url: str) -> str:
    """The public form from the first question to the number."""
    await page.goto(f"{url}/intake/melden")
    await page.get_by_label("Geur of stank").check()
    await _next(page)
    await page.get_by_label("Postcode").fill("7511 AB")
    await page.get_by_label("Huisnummer").fill("8")
    await _next(page)
    await _next(page)
    await page.get_by_label("Schrijf op wat u merkt").fill("Het stinkt naar verbrand plastic.")
    await _next(page)
    await page.get_by_label("E-mailadres").fill("melder@example.nl")
    await _next(page)
    await page.get_by_role("heading", name="Klopt dit?").wait_for()
    assert await page.get_by_text("Het stinkt naar verbrand plastic.").is_visible()
    await _next(page, "Verstuur de melding")
    await page.get_by_role("heading", name="Wij hebben uw melding").wait_for()
    return await page.locator(".vth-confirm__number").inner_text()


async def test_anybody_reports_nuisance_without_scripts(walked: Walked, browser: Browser) -> None:
    async with new_page(browser, Complaints(), java_script_enabled=False) as page:
        number = await _report(page, walked.platform.url)
        assert re.fullmatch(r"K-\d{4}-\d{6}", number)


async def test_a_report_ends_on_accessible_pages(walked: Walked, page: Page) -> None:
    await _report(page, walked.platform.url)
    await picture(page, "melden-ontvangen-1280")
    assert await axe(page) == []
    await page.set_viewport_size(driver.NARROW)  # type: ignore[arg-type]
    assert await sideways(page) == []


async def test_sending_twice_gives_one_complaint(walked: Walked) -> None:
    kept = walked.answered()
    assert _sent(walked, kept) == _sent(walked, kept)


def _sent(walked: Walked, kept: str) -> str:
    """The number that sending these answers gives."""
    with httpx2.Client(base_url=walked.platform.url) as client:
        headers = {"Cookie": f"vth_melding={kept}"}
        posted = client.post("/intake/melden/controleren", data={"x": ""}, headers=headers)
        assert posted.headers["location"] == "/intake/melden/ontvangen"
        shown = client.get("/intake/melden/ontvangen").text
    found = re.search(r"K-\d{4}-\d{6}", shown)
    assert found
    return found.group()


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("wat", {}, "Kies wat u merkt."),
        ("waar", {}, "Vul een adres in"),
        ("waar", {"postcode": "75"}, "Vul een postcode in"),
        ("verhaal", {}, "Schrijf op wat u merkt."),
        ("verhaal", {"omschrijving": "Rook", "wanneer": "eerder"}, "Vul de dag in"),
        (
            "verhaal",
            {"omschrijving": "Rook", "wanneer": "eerder", "datum": "2999-01-01"},
            "niet in de toekomst",
        ),
        ("contact", {"email": "nergens"}, "Vul een e-mailadres in"),
        ("contact", {"bellen": "ja"}, "Vul uw telefoonnummer in"),
    ],
)
async def test_a_question_says_what_to_do(
    walked: Walked, page: Page, step: str, typed: dict[str, str], said: str
) -> None:
    await page.goto(f"{walked.platform.url}/intake/melden/{step}")
    for name, value in typed.items():
        field = page.locator(f"[name={name}]")
        if await field.first.get_attribute("type") in {"radio", "checkbox"}:
            await page.locator(f"[name={name}][value={value}]").check()
        else:
            await field.fill(value)
    await _next(page)
    assert said in await page.locator(".vth-errors").inner_text()
    assert await axe(page) == []
    await page.set_viewport_size(driver.NARROW)  # type: ignore[arg-type]
    assert await sideways(page) == []


async def test_an_officer_takes_a_complaint_by_keyboard_alone(walked: Walked, page: Page) -> None:
    """From the list to the number and on to the location, without touching the mouse."""
    await walked.sign_in(page, "klachten")
    await page.goto(f"{walked.platform.url}/intake/klachten")
    await page.keyboard.press("n")
    await page.wait_for_url("**/klachten/nieuw")
    await page.locator("#categorie").focus()
    await page.keyboard.type("Geur")
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.type("Chemische lucht bij de haven")
    await page.locator("#bron").focus()
    await page.keyboard.type("Galvano")
    await page.keyboard.press("Tab")
    await page.keyboard.type("7511 AB")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/koppelen?gedaan=ontvangen")
    assert await page.get_by_text("Noem het nummer: K-").is_visible()
    await page.locator("#keuze").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**gedaan=gekoppeld")
    assert await page.get_by_text("Galvano Keten").first.is_visible()


async def test_who_complained_is_shown_for_a_purpose(walked: Walked, page: Page) -> None:
    await walked.sign_in(page, "klachten")
    await page.goto(walked.address("/intake/klachten/{open}"))
    assert not await page.get_by_text("06 00000000").is_visible()
    await page.get_by_role("button", name="Toon de melder").click()
    await page.get_by_text("06 00000000").wait_for()
    assert await axe(page) == []


async def test_a_participant_does_not_see_who_complained(walked: Walked, page: Page) -> None:
    await walked.sign_in(page, "enschede")
    await page.goto(walked.address("/intake/klachten/{complaint}"))
    assert await page.get_by_role("button", name="Toon de melder").count() == 0
    assert await page.get_by_role("link", name="Beoordeel").count() == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("{number}", "/intake/klachten/{complaint}"),
        ("Galvano", "/risk/locaties/{location}"),
        ("Havenweg", "/intake/klachten/{open}"),
    ],
)
async def test_the_search_field_finds(walked: Walked, page: Page, words: str, found: str) -> None:
    await walked.sign_in(page, "klachten")
    await page.goto(walked.platform.url)
    await page.keyboard.press("/")
    await page.keyboard.type(words.format(**walked.made))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/zoeken?q=*")
    await page.locator(f"main a[href='{found.format(**walked.made)}']").first.wait_for()

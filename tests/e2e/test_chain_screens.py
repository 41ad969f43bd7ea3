"""From complaint to settlement over the screens alone, each step by the person who takes it."""

import re
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from shared.clock import SystemClock, local_date
from shared.money import euros
from shared.ui.formats import euro
from tests.browser import driver
from tests.e2e.screen_walk import ScreenWalk, press, screen_walk, shown, until_there
from tests.support.platform import Platform, running_platform

CELL = "B3"

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
def platform(server_folder: Path) -> Iterator[Platform]:
    driver.require()
    folder = server_folder / "chain-screens"
    folder.mkdir(mode=0o755)
    with running_platform(folder) as running:
        yield running


@pytest.fixture
async def walk(
    platform: Platform, browser: Browser, request: pytest.FixtureRequest
) -> AsyncIterator[ScreenWalk]:
    today = local_date(SystemClock().now())
    async with screen_walk(platform, browser, today, request.param) as found:
        yield found
        # A refusal that the walk asks for comes with its status; the browser tells of it.
        wrong = [line for line in found.complaints.found if "status of 409" not in line]
        assert not wrong, wrong


@pytest.mark.parametrize("walk", ["Galvano Doorgaan"], indirect=True)
async def test_from_complaint_to_settlement_on_screen(walk: ScreenWalk) -> None:
    await walk.report()
    await walk.link()
    await _risk_shows(walk, "1 in 12 maanden")
    await walk.join()
    await walk.ask()
    await walk.find_violation()
    await walk.position(CELL)
    await walk.choose("last onder dwangsom")
    await shown(await walk.by("jurist"), "Volgt het advies")
    await walk.impose()
    await _order_is_shown(walk)
    await _location_shows_the_order(walk)
    await _is_forfeited(walk)
    for complaint, address in (("complaint", "melder@example.nl"), ("second", "buur@example.nl")):
        await walk.answer(complaint)
        _mailed(walk, walk.numbers[complaint], address)
    await _hours(walk)
    await _settlement(walk)


async def _risk_shows(walk: ScreenWalk, received: str) -> None:
    """The complaint figures of the location, and an explanation with its source."""
    page = await walk.location()
    figures = page.locator("#klachtcijfers")
    await until_there(page, figures.get_by_text(received))
    score = page.locator("#score")
    await expect(
        score.get_by_role("row", name=re.compile("klacht", re.IGNORECASE)).first
    ).to_be_visible()
    await expect(score).to_contain_text("Wat zou deze score veranderen")
    await expect(page.get_by_text("Klacht").first).to_be_visible()


async def _order_is_shown(walk: ScreenWalk) -> None:
    """The decision with its amounts, its terms and the mandate under which it was taken."""
    page = await walk.by("jurist")
    for text in (
        "€\u00a02.500,00",
        "14 dagen",
        "Awb 5:32b",
        "Namens college",
        "Begunstigingstermijn",
    ):
        await shown(page, text)


async def _location_shows_the_order(walk: ScreenWalk) -> None:
    page = await walk.location()
    await until_there(page, page.get_by_text("last onder dwangsom"))
    await expect(page.get_by_text("Nooit gecontroleerd")).to_have_count(0)


async def _is_forfeited(walk: ScreenWalk) -> None:
    """Unresolved after the term: forfeited by law, and the clock of collection runs."""
    page = await walk.reinspect("Niet akkoord")
    await shown(page, "De last is niet uitgevoerd")
    await press(page, "Stel de verbeurte vast")
    await shown(page, "Verbeurd op")
    for text in ("Betaling dwangsom", "Verjaring dwangsom"):
        await expect(page.get_by_role("row", name=re.compile(text)).first).to_be_visible()


def _mailed(walk: ScreenWalk, number: str, address: str) -> None:
    """The complainant got an answer, in the outbox folder."""

    def answered() -> bool:
        letters = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in (walk.platform.home / "post").rglob("*.eml")
        ]
        return any(
            address in letter["to"]
            and number in letter["subject"] + _text(letter)
            and "De afzuiging stond uit." in _text(letter)
            for letter in letters
        )

    walk.chain.until("the answer is mailed", answered)


def _text(letter: EmailMessage) -> str:
    """The words of a letter; with an answer comes its document, as an attachment."""
    body = letter.get_body()
    assert body is not None
    text: str = body.get_content()
    return text


async def _hours(walk: ScreenWalk) -> None:
    await walk.book("toezicht", walk.numbers["inspection"])
    await walk.book("jurist", walk.numbers["measure"])
    await walk.approve(2)


async def _settlement(walk: ScreenWalk) -> None:
    """Plan against actual, and what is owed: two lines at the tariff, each rounded once."""
    walk.chain.budget()
    line = euros(Decimal("1.5") * walk.chain.tariff(walk.chain.today.year))
    page = await walk.by("controller", f"/reporting/deelnemers/{walk.chain.participant}")
    await until_there(page, page.get_by_role("row", name=re.compile("^Totaal 3:00 120:00")))
    for text in (euro(line), euro(2 * line), euro(11_400), "3:00", "120:00"):
        await shown(page, text)
    await page.goto(f"{walk.platform.url}/reporting/afrekeningen")
    await _try_out(page)
    await _settlement_of(page, walk)
    for text in (euro(2 * line), euro(11_400 - 2 * line)):
        await shown(page, text)


async def _try_out(page: Page) -> None:
    await press(page, "Bereken")
    await page.get_by_role("heading", name=re.compile("^Jaarafrekening")).first.wait_for()


async def _settlement_of(page: Page, walk: ScreenWalk) -> None:
    """From the year of all participants to that of one."""
    code = walk.chain.participant
    name = walk.chain.get("controller", f"/reporting/v1/deelnemers/{code}")["naam"]
    await page.get_by_role("row", name=re.compile(f"^{name}")).get_by_role("link").first.click()
    await page.get_by_role("heading", name=re.compile("^Afrekening")).first.wait_for()


@pytest.mark.parametrize("walk", ["Galvano Herstel"], indirect=True)
async def test_a_case_that_deviates_and_is_resolved_closes_on_screen(walk: ScreenWalk) -> None:
    await walk.report()
    await walk.link()
    await walk.ask()
    await walk.find_violation()
    await walk.position("A2")
    await walk.choose("last onder dwangsom", why="Derde keer dat een gesprek niet hielp.")
    page = await walk.by("jurist")
    for text in ("Zwaarder dan het advies", "Derde keer dat een gesprek niet hielp."):
        await shown(page, text)
    await walk.impose()
    page = await walk.reinspect("Voorschriften nageleefd")
    await shown(page, "Overtreding hersteld")
    for text in ("Uitgevoerd", "Hersteld"):
        await shown(page, text)
    await expect(page.get_by_role("row", name=re.compile("Begunstigingstermijn"))).to_have_count(0)
    await expect(page.get_by_role("button", name="Plan een hercontrole")).to_have_count(0)


@pytest.mark.parametrize("walk", ["Galvano Jaareinde"], indirect=True)
async def test_a_year_is_closed_and_settled_on_screen(walk: ScreenWalk) -> None:
    year = walk.chain.today.year - 1
    walk.chain.budget(year)
    await walk.book_last_year("planner", "T10-01")
    await walk.approve(1)
    page = await walk.by("controller", "/reporting/uren/afsluiten")
    await page.get_by_label("Afsluiten tot en met").select_option(f"{year}-12-01")
    await press(page, "Sluit af")
    await shown(page, "De maand is afgesloten.")
    await page.goto(f"{walk.platform.url}/reporting/afrekeningen?jaar={year}")
    await _try_out(page)
    await shown(page, "iemand anders stelt haar vast")
    run = page.url
    await _settlement_of(page, walk)
    owed = euros(Decimal("1.5") * walk.chain.tariff(year))
    for text in (euro(owed), euro(11_400 - owed)):
        await shown(page, text)
    adopter = await walk.by("concern")
    await adopter.goto(run)
    await adopter.get_by_label("Kenmerk van het besluit").fill("Jaarrekening, besluit 1")
    await press(adopter, "Stel vast")
    await shown(adopter, "Vastgesteld")
    await adopter.goto(f"{walk.platform.url}/reporting/afrekeningen?jaar={year}")
    await shown(adopter, "sluit tot op de cent")

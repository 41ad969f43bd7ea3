"""The public form and the officer's main flow without a mouse: the focus is always to be seen."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.driver import Complaints, axe
from tests.browser.keyboard import choose, enter, fill, step, tab_to
from tests.e2e.walked import Walked

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]


async def test_the_first_tab_skips_to_the_content(walked: Walked, page: Page) -> None:
    await walked.sign_in(page, "klachten")
    for path in ("/", "/intake/melden", "/intake/klachten", "/reporting/uren"):
        await page.goto(walked.platform.url + path)
        await step(page)
        await expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
        await expect(page.get_by_role("link", name="Naar de inhoud")).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await expect(page.locator("#inhoud")).to_be_focused()
        await step(page)
        assert await page.evaluate("document.activeElement.closest('#inhoud') !== null")


async def test_anybody_reports_nuisance_by_keyboard(
    walked: Walked, page: Page, complaints: Complaints
) -> None:
    further = page.get_by_role("button", name="Verder")
    await page.goto(f"{walked.platform.url}/intake/melden")
    await choose(page, page.get_by_label("Geur of stank"))
    await enter(page, further)
    await fill(page, page.get_by_label("Postcode"), "7511 AB")
    await fill(page, page.get_by_label("Huisnummer"), "8")
    await enter(page, further)
    await fill(page, page.get_by_label("Naam of plaats van het bedrijf"), "Galvano")
    await enter(page, further)
    # A mistake first: the summary has the focus, and its link leads to the field.
    await enter(page, further)
    await expect(page.locator(".vth-errors")).to_be_focused()
    await tab_to(page, page.locator(".vth-errors a"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Schrijf op wat u merkt")).to_be_focused()
    await page.keyboard.type("Het stinkt naar metaal")
    await choose(page, page.get_by_label("Eerder"))
    await choose(page, page.get_by_label("Nu", exact=True))
    await enter(page, further)
    await fill(page, page.get_by_label("E-mailadres"), "melder@example.nl")
    await tab_to(page, page.get_by_label("Telefoonnummer"))
    await page.keyboard.type("06 00000000")
    await tab_to(page, page.get_by_label("U mag mij bellen met vragen"))
    await page.keyboard.press("Space")
    await enter(page, further)
    # One answer is changed from the check, and one comes back there.
    await enter(page, page.get_by_role("link", name="Wijzig waar komt het vandaan?"))
    await tab_to(page, page.get_by_label("Naam of plaats van het bedrijf"))
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Galvano Keten")
    await enter(page, further)
    await expect(page.get_by_text("Galvano Keten")).to_be_visible()
    await enter(page, page.get_by_role("button", name="Verstuur de melding"))
    await expect(page.locator(".vth-confirm__number")).to_have_text(re.compile(r"^K-\d{4}-\d{6}$"))
    assert [line for line in complaints.found if "status of 400" not in line] == []


async def test_an_officer_handles_a_complaint_by_keyboard(walked: Walked, page: Page) -> None:
    """From the work list to the closed complaint: link, ask for an inspection, assess, answer."""
    walked.open_complaint()
    await walked.sign_in(page, "klachten")
    await page.goto(f"{walked.platform.url}/intake/klachten?zoek=Havenweg")
    await step(page, "j")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    at = page.url
    await enter(page, page.get_by_role("link", name="Koppel aan een locatie").first)
    await choose(page, page.locator("#keuze"))
    await enter(page, page.get_by_role("button", name="Koppel", exact=True))
    await expect(page.get_by_text("De klacht is gekoppeld.")).to_be_visible()
    await _opens_and_closes_the_menu(page)
    await enter(page, page.get_by_role("link", name="Open incident"))
    await choose(page, page.get_by_role("radio", name="Spoed"))
    await fill(page, page.get_by_label("Waarom moet iemand gaan kijken?"), "Elke nacht gebrom")
    await enter(page, page.get_by_role("button", name="Vraag de controle"))
    await expect(page.get_by_text("De controle is gevraagd.")).to_be_visible()
    await page.goto(at)
    await enter(page, page.get_by_role("link", name="Beoordeel", exact=True))
    await choose(page, page.get_by_role("radio", name="Ongegrond"))
    await fill(page, page.get_by_label("Toelichting"), "Er is niets gemeten.")
    await enter(page, page.get_by_role("button", name="Leg de beoordeling vast"))
    await tab_to(page, page.locator("main .vth-menu summary"))
    await page.keyboard.press("Enter")
    await enter(page, page.get_by_role("link", name="Leg contact vast"))
    await fill(page, page.get_by_label("Wat is er besproken?"), "De uitkomst.")
    await enter(page, page.get_by_role("button", name="Leg vast"))
    await enter(page, page.get_by_role("link", name="Beantwoord en sluit"))
    await choose(page, page.get_by_role("radio", name="Per telefoon"))
    await enter(page, page.get_by_role("button", name="Sluit de klacht"))
    await expect(page.get_by_text("De klacht is afgehandeld.")).to_be_visible()
    assert await axe(page) == []


async def _opens_and_closes_the_menu(page: Page) -> None:
    """Enter opens the menu, Tab walks it, Escape closes it and the focus stays."""
    summary = page.locator("main .vth-menu summary")
    await tab_to(page, summary)
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("link", name="Leg contact vast"))
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="Leg contact vast")).to_be_hidden()
    await expect(summary).to_be_focused()


async def test_the_shortcuts_are_shown_and_can_be_switched_off(walked: Walked, page: Page) -> None:
    await walked.sign_in(page, "klachten")
    await page.goto(f"{walked.platform.url}/intake/klachten")
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await tab_to(page, dialog.get_by_role("checkbox"))
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("n")
    await page.keyboard.press("/")
    await expect(page.locator("[data-vth-search]")).not_to_be_focused()
    assert page.url.endswith("/intake/klachten")

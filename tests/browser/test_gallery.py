"""Every part, in every state, as people meet it: eyes, keyboard, phone, and without scripts."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from shared.ui.render import SHARED_TEMPLATES, STATIC, base_environment
from tests.browser.driver import (
    NARROW,
    PHONE,
    WIDE,
    Complaints,
    axe,
    look,
    new_page,
    sideways,
    visit,
)

PAGES = {
    "galerij": "/galerij",
    "formulier-leeg": "/galerij/formulier?staat=leeg",
    "formulier-fout": "/galerij/formulier?staat=fout",
    "vraag": "/galerij/vraag?buiten",
    "vraag-fout": "/galerij/vraag?buiten&staat=fout",
    "antwoorden": "/galerij/antwoorden?buiten",
    "klaar": "/galerij/klaar?buiten",
    "start": "/",
    "inloggen": "/inloggen",
    "toegankelijkheid": "/toegankelijkheid",
}
JS_BUDGET, CSS_BUDGET = 60 * 1024, 40 * 1024


@pytest.mark.parametrize(("name", "path"), PAGES.items(), ids=PAGES.keys())
async def test_page_is_accessible_and_fits(
    page: Page, gallery: str, complaints: Complaints, name: str, path: str
) -> None:
    wrong = await look(page, gallery + path, name)
    expected = [line for line in complaints.found if "/galerij/bestaat-niet" not in line]
    assert not wrong + expected, "\n".join(wrong + expected)


async def test_error_page_is_accessible(page: Page, gallery: str) -> None:
    assert await look(page, f"{gallery}/bestaat-niet", "niet-gevonden") == []


async def test_the_page_stands_at_twice_the_text_size(page: Page, gallery: str) -> None:
    await page.set_viewport_size({"width": 640, "height": 450})
    for path in ("/galerij", "/galerij/formulier?staat=fout", "/"):
        await page.goto(gallery + path)
        assert await sideways(page) == []


async def test_signing_in_opens_the_places_of_a_role(page: Page, gallery: str) -> None:
    places = page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link")
    for user, wanted in (
        ("Technisch beheerder (voorbeeld)", ["Gebeurtenissen"]),
        (
            "Teamleider (voorbeeld)",
            ["Klachten", "Locaties", "Toezicht", "Handhaving", "Uren", "Rapportages"],
        ),
    ):
        await page.goto(f"{gallery}/inloggen?terug=/toegankelijkheid")
        await page.get_by_role("button", name=user).click()
        await page.wait_for_url("**/toegankelijkheid")
        assert await places.all_inner_texts() == wanted
    await page.goto(f"{gallery}/")
    assert await axe(page) == []
    await look(page, f"{gallery}/", "start-ingelogd")
    await look(page, f"{gallery}/zoeken?q=haven", "zoeken")
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.locator(".vth-user summary").click()
    assert await axe(page) == []
    await page.get_by_role("button", name="Uitloggen").click()
    await page.get_by_role("heading", name="U bent uitgelogd").wait_for()
    cookies = await page.context.cookies()
    assert [cookie for cookie in cookies if cookie.get("name") == "vth_sessie"] == []


async def test_lists_are_walked_by_keyboard(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.textContent") == "K-2026-01199"
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/galerij#K-2026-01204")


async def test_a_list_stands_as_blocks_on_a_phone(page: Page, gallery: str) -> None:
    """Each value beside the name of its column, without scrolling, and still a table to hear."""
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(f"{gallery}/galerij")
    table = page.locator("table[data-vth-list]").first
    assert await table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
    row = page.get_by_role("row", name=re.compile("K-2026-01204"))
    cells = row.get_by_role("cell")
    boxes = [await cell.bounding_box() for cell in await cells.all()]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) > 3
    assert tops == sorted(set(tops))
    said = await cells.evaluate_all(
        "(all) => all.map((cell) => getComputedStyle(cell, '::before').content)"
    )
    heads = await table.get_by_role("columnheader", include_hidden=True).all_text_contents()
    assert [text.strip('"') for text in said] == [head.strip() for head in heads[1:]]
    assert await axe(page) == []


async def test_shortcuts_can_be_seen_and_switched_off(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij")
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Sneltoetsen")
    await dialog.wait_for()
    assert await axe(page) == []
    await dialog.get_by_role("checkbox").uncheck()
    await page.keyboard.press("Escape")
    await page.reload()
    await page.keyboard.press("/")
    assert await page.evaluate("document.activeElement.id") != "vth-zoek"


async def test_shortcuts_stay_out_of_fields(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij")
    await page.keyboard.press("/")
    await page.keyboard.type("jan?/")
    assert await page.locator("#vth-zoek").input_value() == "jan?/"
    assert page.url == f"{gallery}/galerij"


async def test_the_first_tab_skips_to_the_content(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "inhoud"


async def test_a_double_click_posts_once(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij/formulier?staat=leeg")
    await page.fill("#omschrijving", "Stank")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    await page.get_by_role("button", name="Opslaan").dblclick(no_wait_after=True)
    await page.wait_for_url("**/post")
    assert len(posts) == 1


async def test_a_failed_form_puts_the_focus_on_what_is_wrong(page: Page, gallery: str) -> None:
    await page.goto(f"{gallery}/galerij/formulier?staat=fout")
    assert "vth-errors" in str(await page.evaluate("document.activeElement.className"))
    await page.get_by_role("link", name="Vul een postcode in").click()
    assert await page.evaluate("document.activeElement.id") == "postcode"
    assert await page.locator("#omschrijving").input_value() == 'Het stinkt "naar" <plastic>'


async def test_fragments_come_from_neighbours_or_leave_a_link(page: Page, gallery: str) -> None:
    await visit(page, f"{gallery}/galerij")
    assert await page.get_by_text("Twee klachten in de buurt").is_visible()
    assert await page.get_by_role("link", name="Open de locatie").is_visible()


async def test_a_place_is_pointed_at_on_the_map(page: Page, gallery: str) -> None:
    await visit(page, f"{gallery}/galerij/formulier?staat=leeg")
    await page.locator("#plaatskaart").click(position={"x": 100, "y": 100})
    latitude = float(await page.locator("input[name=lat]").input_value())
    assert 52 < latitude < 53


async def test_everything_works_without_scripts(browser: Browser, gallery: str) -> None:
    async with new_page(browser, Complaints(), java_script_enabled=False) as page:
        await page.goto(f"{gallery}/galerij/formulier?staat=leeg")
        await page.fill("#omschrijving", "Stank")
        await page.get_by_role("button", name="Opslaan").click()
        await page.wait_for_url("**/post")
        assert "Stank" in await page.content()


async def test_reduced_motion_is_honoured(browser: Browser, gallery: str) -> None:
    options = {"reduced_motion": "reduce", "viewport": NARROW}
    async with new_page(browser, Complaints(), **options) as page:
        await page.goto(f"{gallery}/galerij")
        assert await page.evaluate(
            "getComputedStyle(document.querySelector('.vth-tile, .vth-card')).transitionDuration"
        ) in {"0s", "1e-05s"}


def _weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_scripts_and_styles_stay_within_budget() -> None:
    scripts = _weight("vendor/htmx.min.js", "vendor/leaflet.js", "vth.js", "kaart.js", "trusted.js")
    styles = _weight("vendor/components.css", "vendor/leaflet.css", "tokens.css", "vth.css")
    assert scripts <= JS_BUDGET
    assert styles <= CSS_BUDGET


def test_the_gallery_shows_every_part() -> None:
    shown = "".join(path.read_text() for path in Path(__file__).parent.rglob("*.html"))
    shown += "".join(path.read_text() for path in SHARED_TEMPLATES.glob("*.html"))
    parts = vars(base_environment().globals["ui"])
    assert [name for name in parts if not re.search(rf"ui\.{name}\(", shown)] == []

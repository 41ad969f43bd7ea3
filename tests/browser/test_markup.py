"""What people type is text wherever it is shown: labels on maps, tooltips, charts, lists."""

import pytest
from playwright.async_api import Error, Page

from tests.browser.driver import Complaints, visit
from tests.browser.gallery import MARKUP

MARKED = "/galerij?opmaak"
# What the markup would have made of the page.
MADE = "[...document.querySelectorAll('img[src=x], iframe, main b')].map((one) => one.outerHTML)"


async def test_markup_in_every_text_stays_text(
    page: Page, gallery: str, complaints: Complaints
) -> None:
    await visit(page, gallery + MARKED)
    title = await page.title()
    markers = page.locator(".leaflet-marker-icon")
    assert await markers.count() == 3
    for number in range(3):
        await markers.nth(number).hover(force=True)
        tooltip = page.locator(".leaflet-tooltip")
        assert (await tooltip.text_content() or "").endswith(MARKUP)
    await page.evaluate(
        "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    assert await page.evaluate(MADE) == []
    assert await page.title() == title
    assert (await page.locator("main").text_content() or "").count(MARKUP) > 20
    # The gallery asks for a fragment that is not there, on purpose.
    assert [line for line in complaints.found if "/galerij/bestaat-niet" not in line] == []


@pytest.mark.parametrize(
    "act",
    [
        "document.createElement('p').innerHTML = '<img src=x onerror=alert(1)>'",
        "document.createElement('iframe').srcdoc = '<p>hier</p>'",
        "document.body.insertAdjacentHTML('beforeend', '<p>hier</p>')",
        "document.createElement('script').text = 'document.title = 1'",
        "Document.parseHTMLUnsafe('<p>hier</p><iframe srcdoc=x></iframe>')",
        "window.trustedTypes.createPolicy('eigen', { createHTML: (text) => text })",
    ],
)
async def test_the_browser_refuses_text_that_would_become_markup(
    page: Page, gallery: str, act: str
) -> None:
    await visit(page, f"{gallery}/galerij")
    with pytest.raises(Error):
        await page.evaluate(f"() => {{ {act}; }}")


async def test_a_fragment_of_the_server_still_comes_in(page: Page, gallery: str) -> None:
    await visit(page, f"{gallery}/galerij")
    await page.get_by_text("Twee klachten in de buurt").first.wait_for()

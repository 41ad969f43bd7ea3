"""Signing in at the Keycloak that is shipped, as an employee does in a browser."""

from urllib.parse import urlsplit

from playwright.async_api import Page

from tests.browser.driver import Complaints
from tests.browser.fixtures import browser, complaints, page
from tests.support.compose import Installation

__all__ = ["browser", "complaints", "page"]

NAME = "f.jansen"
PASSWORD = "Fietsbel-Kastanje-7"


async def test_an_employee_signs_in_and_out(
    installation: Installation, page: Page, complaints: Complaints
) -> None:
    with installation.keycloak() as keycloak:
        assert keycloak.users() == []
        keycloak.add_user(NAME, PASSWORD, ["klachtbehandelaar"], ["*"])
    await page.goto(f"{installation.url}/intake/klachten")
    await _at_keycloak(installation, page)
    await page.fill("#username", NAME)
    await page.fill("#password", PASSWORD)
    await page.click("#kc-login")
    await page.wait_for_url(f"{installation.url}/intake/klachten")
    assert "Klachten" in await page.title()

    await page.locator("details.vth-user > summary").click()
    await page.get_by_role("button", name="Uitloggen").click()
    await page.wait_for_url(f"{installation.url}/uitloggen")
    await page.goto(f"{installation.url}/intake/klachten")
    # Keycloak still knows this browser, unless its own session was ended as well.
    assert complaints.found == []


async def _at_keycloak(installation: Installation, page: Page) -> None:
    """The page of Keycloak is complete, at the address that the visitor uses."""
    await page.wait_for_selector("#kc-login")
    assert page.url.startswith(f"{installation.url}/auth/realms/vth/")
    assert urlsplit(page.url).port == installation.port

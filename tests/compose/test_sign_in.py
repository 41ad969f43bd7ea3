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
    # The session at Keycloak ends as well: it sends the browser back to the start.
    await page.wait_for_url(f"{installation.url}/")
    await page.goto(f"{installation.url}/intake/klachten")
    await _at_keycloak(installation, page)
    assert complaints.found == []


async def _at_keycloak(installation: Installation, page: Page) -> None:
    """The page of Keycloak is complete, at the address that the visitor uses."""
    await page.wait_for_selector("#kc-login")
    assert page.url.startswith(f"{installation.url}/auth/realms/vth/")
    assert urlsplit(page.url).port == installation.port


async def test_the_administrator_makes_a_user_in_the_console(
    installation: Installation, page: Page
) -> None:
    """As docs/beheer.md says it, on the machine itself."""
    page.set_default_timeout(60_000)
    console = f"http://localhost:{installation.environment['KEYCLOAK_ADMIN_PORT']}/auth/admin"
    await page.goto(console)
    await page.fill("#username", "admin")
    await page.fill("#password", installation.environment["KEYCLOAK_ADMIN_PASSWORD"])
    await page.click("#kc-login")
    await page.get_by_text("Manage realms").first.click()
    await page.get_by_role("link", name="vth").first.click()
    await page.get_by_role("link", name="Users").first.click()
    await page.wait_for_url("**/vth/users")
    await page.goto(f"{console}/master/console/#/vth/users/add-user")
    await page.fill("#username", "a.devries")
    await page.get_by_test_id("attributes.deelnemers0").fill("*")
    await page.get_by_test_id("user-creation-save").click()
    await page.wait_for_url("**/vth/users/**/settings")
    with installation.keycloak() as keycloak:
        assert "a.devries" in keycloak.users()

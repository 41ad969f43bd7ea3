"""Signing in, working and signing out as a browser does it, with and without scripts."""

import asyncio
import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
import uvicorn
from playwright.async_api import Browser, Page

from deploy import web
from deploy.postgres_folder import free_port
from shared.auth.pages import SESSION_COOKIE
from shared.settings import SERVICES, Settings
from tests.browser import driver
from tests.browser.fixtures import browser, complaints, page
from tests.support.issuer import Issuer
from tests.support.waiting import until

__all__ = ["browser", "complaints", "page"]

FORM = "/intake/klachten/nieuw"
STORY = "Al drie nachten een <zware> bromtoon."
END = "UPDATE web_session SET seen_at = now() - interval '2 hours'"
PAGES = ("/intake/klachten", "/risk/locaties", "/enforcement/controles", "/reporting/deelnemers")


@pytest.fixture
async def site(
    with_provider: Settings, issuer: Issuer, database: asyncpg.Connection
) -> AsyncIterator[str]:
    """A web process whose provider stands at another origin."""
    driver.require()
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    app = web.build(SERVICES, with_provider.model_copy(update={"public_url": url}))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    issuer.roles = ("klachtbehandelaar", "functioneel-beheerder")
    yield url
    server.should_exit = True
    await serving


async def test_a_day_at_the_screens(page: Page, site: str, issuer: Issuer) -> None:
    await page.goto(site + PAGES[0])
    assert page.url == site + PAGES[0]
    for path in PAGES:
        answer = await page.goto(site + path)
        assert answer is not None
        assert answer.status == 200
    cookies = await page.context.cookies()
    kept = next(each for each in cookies if each.get("name") == SESSION_COOKIE)
    assert kept.get("httpOnly")
    await page.locator(".vth-user summary").click()
    await page.get_by_role("button", name="Uitloggen").click()
    await page.wait_for_url(f"{site}/")
    assert len(issuer.signed_out) == 1
    assert issuer.signed_out[0]["id_token_hint"].startswith("eyJ")
    await page.context.add_cookies([kept])  # type: ignore[list-item]
    for path in PAGES:
        refused = await page.context.request.get(site + path, max_redirects=0)
        assert refused.status == 303


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_what_was_typed_is_still_there_after_signing_in(
    browser: Browser, site: str, database: asyncpg.Connection, scripts: bool
) -> None:
    context = await browser.new_context(java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(site + FORM)
    await page.get_by_label("Wat merkt de melder?").select_option(index=1)
    await page.locator("[name=omschrijving]").fill(STORY)
    await page.locator("[name=naam]").fill("Jo Voorbeeld")
    await page.locator("[name=plaatsomschrijving]").fill("achter de haven")
    await database.execute(END)
    await page.locator("main form button[type=submit]").last.click()
    await page.get_by_role("heading", name="Uw sessie is verlopen").wait_for()
    await page.get_by_role("link", name="Opnieuw inloggen").click()
    if not scripts:
        await page.get_by_role("button", name="Terug naar het formulier").click()
    await page.wait_for_url(site + FORM)
    assert await page.locator("[name=omschrijving]").input_value() == STORY
    assert await page.locator("[name=naam]").input_value() == "Jo Voorbeeld"
    assert "er is niets opgeslagen" in await page.locator("[role=alert]").inner_text()
    await page.locator("main form button[type=submit]").last.click()
    await page.wait_for_url(re.compile(r"/intake/klachten/[0-9a-f-]{36}/koppelen"))
    await context.close()

"""The screens in Chromium: seen at two widths, judged by axe, walked by keyboard."""

import socket
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import uvicorn
from playwright.async_api import Page

from deploy import web
from shared.auth.issuer import BY_SUBJECT, issue
from shared.clock import SystemClock, local_date
from shared.contracts.risk import LocationRegistered
from shared.settings import Settings
from tests.browser.driver import Complaints, axe, look
from tests.browser.fixtures import browser, complaints, page
from tests.integration.enforcement.conftest import ORDER, VIOLATED, Enforcement
from tests.support.sessions import use_tokens

__all__ = ["browser", "complaints", "page"]

# Fragments of services that do not run here leave their plain link; the browser tells of it.
ELSEWHERE = ("/risk/", "/intake/")


@dataclass(frozen=True, slots=True)
class Site:
    """A running web process with enforcement and the portal."""

    url: str
    settings: Settings
    location: LocationRegistered

    def token(self, user: str) -> str:
        return issue(self.settings, BY_SUBJECT[user])

    def post(self, user: str, path: str, body: Any = None, at: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token(user)}"}
        api = f"{self.url}/enforcement/v1"
        if at:
            read = httpx2.get(api + at, headers=headers, timeout=20)
            headers["If-Match"] = read.headers["etag"]
        response = httpx2.post(api + path, json=body or {}, headers=headers, timeout=20)
        assert response.is_success, response.text
        found: dict[str, Any] = response.json()
        return found

    def planned(self) -> str:
        """The path of a new inspection."""
        body = {"soort": "periodieke controle", "locatieId": str(self.location.location_id)}
        return f"/controles/{self.post('toezicht', '/controles', body)['id']}"

    async def enter(self, page: Page, user: str) -> None:
        await page.context.add_cookies(
            [{"name": "vth_sessie", "value": self.token(user), "url": self.url}]
        )


@pytest.fixture(scope="module")
async def site(enforcement: Enforcement) -> AsyncIterator[Site]:
    location = await enforcement.location(name="Galvano Schermproef BV")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    app = web.build(("enforcement",), enforcement.settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)  # noqa: ASYNC251 - the server has a loop of its own
    use_tokens(app, enforcement.settings)
    yield Site(f"http://127.0.0.1:{port}", enforcement.settings, location)
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def case(site: Site) -> tuple[str, str, str]:
    """A violation that was moved in the matrix, with an order that was not complied with."""
    at = site.planned()
    finding = {
        "controleOnderwerp": "geur",
        "resultaat": VIOLATED,
        "voorschrift": "Bal 4.1",
        "bijzonderheden": "De afzuiging staat uit en de deur staat open.",
    }
    site.post("toezicht", f"{at}/bevindingen", finding)
    past = local_date(SystemClock().now()) - timedelta(days=60)
    done = site.post("toezicht", f"{at}/afronding", {"uitvoeringsdatum": past.isoformat()}, at)
    violation = f"/overtredingen/{done['bevindingen'][0]['overtredingId']}"
    position = {
        "gevolg": "3",
        "gedrag": "B",
        "celDefinitief": "C3",
        "redenHerpositionering": "Eerder gewaarschuwd.",
        "aspecten": [
            {"aspect": "recidive", "soort": "verzwarend", "motivering": "Derde overtreding."}
        ],
    }
    site.post("jurist", f"{violation}/positioneringen", position, violation)
    chosen = site.post("jurist", f"{violation}/handhavingsmaatregelen", ORDER, violation)
    measure = f"/handhavingsmaatregelen/{chosen['id']}"
    decided = {
        "besluitdatum": (past + timedelta(days=10)).isoformat(),
        "redenSpoed": "Acuut gevaar.",
    }
    site.post("jurist", f"{measure}/oplegging", decided, measure)
    again = f"/controles/{site.post('toezicht', f'{violation}/hercontroles')['id']}"
    site.post("toezicht", f"{again}/bevindingen", finding)
    site.post("toezicht", f"{again}/afronding", {}, again)
    return at, violation, measure


def ours(complaints: Complaints) -> list[str]:
    return [line for line in complaints.found if not any(part in line for part in ELSEWHERE)]


async def test_the_screens_are_accessible_and_fit(
    page: Page, site: Site, complaints: Complaints, case: tuple[str, str, str]
) -> None:
    await site.enter(page, "jurist")
    inspection, violation, measure = case
    pages = {
        "controles": "/controles?weergave=alle",
        "controle-uitgevoerd": inspection,
        "controle-nieuw": "/controles/nieuw",
        "overtredingen": "/overtredingen",
        "overtreding": violation,
        "maatregel-beeindiging": f"{measure}/beeindiging",
        "maatregel-oplegging": f"{measure}/oplegging",
        "maatregel-invordering": f"{measure}/invordering",
    }
    wrong: list[str] = []
    for name, path in pages.items():
        found = await look(page, f"{site.url}/enforcement{path}", f"enforcement-{name}")
        wrong += [f"{name}: {line}" for line in found]
    wrong += ours(complaints)
    assert not wrong, "\n".join(wrong)


async def test_the_lawyers_forms_are_accessible_when_opened(
    page: Page, site: Site, case: tuple[str, str, str]
) -> None:
    await site.enter(page, "jurist")
    await page.goto(f"{site.url}/enforcement{case[1]}")
    for summary in await page.locator("main details > summary").all():
        if await summary.is_visible():
            await summary.click()
    assert await axe(page) == []


async def test_the_inspector_works_with_the_keyboard_alone(page: Page, site: Site) -> None:
    await site.enter(page, "toezicht")
    await page.goto(f"{site.url}/enforcement{site.planned()}")
    await page.get_by_label("Niet akkoord, voorschriften overtreden").focus()
    await page.keyboard.press("Space")
    await page.get_by_label("Onderwerp").focus()
    await page.keyboard.type("Geur")
    await page.get_by_label("Bijzonderheden").focus()
    await page.keyboard.type("Sterke lucht bij de poort")
    await page.get_by_role("button", name="Leg de bevinding vast").focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("Sterke lucht bij de poort").wait_for()
    assert await axe(page) == []
    await page.get_by_role("button", name="Rond de controle af").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Overtreding OV-").wait_for()


async def test_an_inspector_has_targets_for_cold_hands(page: Page, site: Site) -> None:
    """The choices of a finding are at least 44 pixels high."""
    await site.enter(page, "toezicht")
    url = f"{site.url}/enforcement{site.planned()}"
    assert await look(page, url, "enforcement-controle-leeg") == []
    heights = await page.evaluate(
        """() => [...document.querySelectorAll('#bevinding .vth-choice')]
                   .map((e) => e.getBoundingClientRect().height)"""
    )
    assert heights
    assert min(heights) >= 44

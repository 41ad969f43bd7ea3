"""The administrator's screens of events in a browser: judged by axe, and used."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from uuid import UUID

import pytest
import uvicorn
from playwright.async_api import Page

from deploy import web
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.db.database import Database
from shared.ids import new_id
from shared.settings import SERVICES, Settings
from tests.browser import driver
from tests.browser.driver import Complaints, axe, look
from tests.browser.fixtures import browser, complaints, page
from tests.integration.webhooks.test_pages import park, subscribe
from tests.support.databases import as_owner
from tests.support.sessions import use_tokens
from tests.support.waiting import until

__all__ = ["browser", "complaints", "page"]


REBUILT = """
INSERT INTO job (id, kind, key, description, state, requested_by, started_at, finished_at, error)
VALUES (gen_random_uuid(), 'herbouw', 'herbouw', 'Herbouw: Feiten', 'mislukt', 'beheer', now(),
        now(), 'Er is geen logboek.')
"""
RUNNING = """
INSERT INTO job (id, kind, key, description, state, lease, step, done, total, requested_by,
                 started_at)
VALUES (gen_random_uuid(), 'herbouw', 'herbouw', 'Herbouw: Feiten', 'loopt', gen_random_uuid(),
        'indexen maken', 400, 1000, 'beheer', now())
"""
READY = """
UPDATE job SET state = 'klaar', lease = NULL, done = 1000, finished_at = now()
WHERE kind = 'herbouw' AND finished_at IS NULL
"""
QUEUED = """
INSERT INTO job (id, kind, description, state, lease, step, done, total, requested_by)
VALUES ($1, 'tellen', 'Locaties tellen', 'loopt', $1, 'tellen', 400, 1000, 'planner')
"""
FAILED = """
INSERT INTO job (id, kind, description, state, error, finished_at, requested_by)
VALUES ($1, 'tellen', 'Adressen tellen', 'mislukt', 'Er is geen logboek.', now(), 'planner')
"""
ENDED = """
UPDATE job SET state = 'klaar', lease = NULL, result = '1000 geteld', done = 1000,
               finished_at = now()
WHERE state = 'loopt'
"""
JOB_STAND = "/risk/gebeurtenissen/taken/{running}/stand"
REBUILD_STAND = "**/stand?daarna=ververs"


@dataclass(slots=True)
class Shown:
    """A web process with something parked, and subscribers that fare differently."""

    url: str
    event: UUID
    suspended: UUID
    active: UUID
    running: UUID
    failed: UUID

    def address(self, path: str) -> str:
        return self.url + path.format(**asdict(self))


@pytest.fixture
async def shown(platform_settings: Settings, served: Database) -> AsyncIterator[Shown]:
    driver.require()
    await as_owner(served.pool, "TRUNCATE parked_event, subscription, subscription_attempt, job")
    event = await park(served)
    await park(served, attempts=0)
    await served.pool.execute(REBUILT)
    running, failed = new_id(), new_id()
    await served.pool.execute(QUEUED, running)
    await served.pool.execute(FAILED, failed)
    suspended, active = (
        await subscribe(served, "opgeschort", attempts=60),
        await subscribe(served, "actief"),
    )
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    app = web.build(SERVICES, platform_settings)
    config = uvicorn.Config(app, port=port, log_level="error")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    use_tokens(app, platform_settings)
    yield Shown(f"http://127.0.0.1:{port}", event, suspended, active, running, failed)
    server.should_exit = True
    await serving


@pytest.fixture
async def administrator(page: Page, shown: Shown, platform_settings: Settings) -> Page:
    token = issue(platform_settings, BY_SUBJECT["techniek"])
    cookie = {"name": SESSION_COOKIE, "value": token, "url": shown.url}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("gebeurtenissen", "/risk/gebeurtenissen"),
        ("gebeurtenissen-leeg", "/reporting/gebeurtenissen"),
        ("gebeurtenissen-uitleg", "/gebeurtenissen"),
        ("geparkeerd", "/risk/gebeurtenissen/geparkeerd"),
        ("geparkeerde-gebeurtenis", "/risk/gebeurtenissen/geparkeerd/risk/{event}"),
        ("taken", "/risk/gebeurtenissen/taken"),
        ("taken-mislukt", "/risk/gebeurtenissen/taken?weergave=mislukt"),
        ("taak-loopt", "/risk/gebeurtenissen/taken/{running}"),
        ("taak-mislukt", "/risk/gebeurtenissen/taken/{failed}"),
        ("herbouw", "/reporting/gebeurtenissen/herbouw"),
        ("herbouw-mislukt", "/risk/gebeurtenissen/herbouw"),
        ("abonnement", "/risk/gebeurtenissen/abonnementen/{suspended}"),
        ("abonnement-nieuw", "/risk/gebeurtenissen/abonnementen/{active}"),
    ],
)
async def test_page_is_accessible_and_fits(
    shown: Shown, administrator: Page, complaints: Complaints, name: str, path: str
) -> None:
    wrong = await look(administrator, shown.address(path), name)
    assert not wrong + complaints.found, "\n".join(wrong + complaints.found)


async def test_a_parked_event_is_given_up_from_the_list(shown: Shown, administrator: Page) -> None:
    page = administrator
    await page.goto(shown.address("/intake/klachten"))
    await page.get_by_role("link", name="Gebeurtenissen", exact=True).click()
    await page.get_by_role("link", name="Locaties", exact=True).last.click()
    await page.locator(f"a[href$='{shown.event}']").click()
    await page.get_by_role("button", name="Laat vervallen").click()
    assert "Geef de reden" in await page.locator(".vth-errors").inner_text()
    assert await axe(page) == []
    await page.get_by_label("Reden").fill("Dubbel verstuurd door de bron")
    await page.get_by_role("button", name="Laat vervallen").click()
    await page.wait_for_url("**gedaan=vervallen")
    assert await page.get_by_text("Dubbel verstuurd door de bron").is_visible()
    assert await page.get_by_role("button", name="Laat vervallen").count() == 0


async def test_a_suspended_subscription_is_resumed(shown: Shown, administrator: Page) -> None:
    page = administrator
    await page.goto(shown.address("/risk/gebeurtenissen/abonnementen/{suspended}"))
    await page.get_by_role("button", name="Hervat").click()
    await page.wait_for_url("**gedaan=hervat")
    assert await page.get_by_text("Actief").is_visible()


async def test_a_rebuild_is_followed_until_it_is_done(
    shown: Shown, administrator: Page, complaints: Complaints, served: Database
) -> None:
    page = administrator
    await served.pool.execute(RUNNING)
    wrong = await look(page, shown.address("/risk/gebeurtenissen/herbouw"), "herbouw-loopt")
    assert not wrong + complaints.found, "\n".join(wrong + complaints.found)
    assert await page.get_by_text("400 van 1.000").is_visible()
    assert await page.get_by_role("button", name="Herbouw").count() == 0
    await served.pool.execute(READY)
    async with page.expect_response(REBUILD_STAND):
        pass
    await page.get_by_role("button", name="Herbouw").first.wait_for()
    assert await page.get_by_text("Klaar", exact=True).first.is_visible()
    assert await axe(page) == []


async def test_a_job_is_followed_until_it_is_done(
    shown: Shown, administrator: Page, served: Database
) -> None:
    page = administrator
    await page.goto(shown.address("/risk/gebeurtenissen/taken/{running}"))
    assert await page.get_by_text("400 van 1.000").is_visible()
    await served.pool.execute(ENDED)
    async with page.expect_response(shown.address(JOB_STAND)):
        pass
    await page.get_by_text("1000 geteld").wait_for()
    assert await page.get_by_text("Klaar", exact=True).is_visible()
    assert await axe(page) == []

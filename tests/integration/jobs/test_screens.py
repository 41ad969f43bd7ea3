"""Jobs on screen and by the API: followed, cancelled, tried again, and by whom."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from deploy import web
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from shared.jobs.queue import NewJob, queue
from shared.settings import Settings
from tests.support.databases import as_owner
from tests.support.sessions import use_tokens

HERE = "/risk/gebeurtenissen/taken"
API = "/risk/v1/taken"
RUNS = """
UPDATE job SET state = 'loopt', lease = gen_random_uuid(), step = 'tellen', done = 400, total = 1000
WHERE id = $1
"""
FAILED = """
UPDATE job SET state = 'mislukt', finished_at = now(), attempts = 5, error = 'Geen antwoord.'
WHERE id = $1
"""


@pytest.fixture(scope="module")
async def app(platform_settings: Settings) -> AsyncIterator[Starlette]:
    made = web.build(("risk",), platform_settings)
    async with made.router.lifespan_context(made):
        use_tokens(made, platform_settings)
        yield made


@pytest.fixture
async def database(app: Starlette) -> Database:
    mounts = (route for route in app.routes if isinstance(route, Mount))
    (risk,) = (mount.app for mount in mounts if mount.path == "/risk")
    assert isinstance(risk, FastAPI)
    database: Database = risk.state.db
    await as_owner(database.pool, "TRUNCATE job")
    return database


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
        yield client


@pytest.fixture
async def job(database: Database) -> NewJob:
    """A job that a planner asked for."""
    made = NewJob(kind="tellen", description="Locaties tellen")
    async with database.work("planner", sight=Sight.ALL) as work:
        queue(work, made)
    return made


def as_(settings: Settings, user: str = "techniek") -> dict[str, str]:
    token = issue(settings, BY_SUBJECT[user])
    return {"Cookie": f"{SESSION_COOKIE}={token}", "Authorization": f"Bearer {token}"}


async def test_the_list_says_who_asked_how_far_it_is_and_why_not(
    client: httpx2.AsyncClient, platform_settings: Settings, database: Database, job: NewJob
) -> None:
    headers = as_(platform_settings)
    shown = (await client.get(HERE, headers=headers)).text
    assert "Locaties tellen" in shown
    assert "planner" in shown
    assert "Wacht" in shown
    await database.pool.execute(RUNS, job.id)
    shown = (await client.get(HERE, headers=headers)).text
    assert "400 van 1.000" in shown
    await database.pool.execute("UPDATE job SET lease = NULL, state = 'wacht'")
    await database.pool.execute(FAILED, job.id)
    assert "Niets hier" in (await client.get(HERE, headers=headers)).text
    assert "Geen antwoord." in (await client.get(f"{HERE}?weergave=mislukt", headers=headers)).text


async def test_a_job_that_runs_is_followed_and_told_to_end(
    client: httpx2.AsyncClient, platform_settings: Settings, database: Database, job: NewJob
) -> None:
    headers, here = as_(platform_settings), f"{HERE}/{job.id}"
    await database.pool.execute(RUNS, job.id)
    stand = (await client.get(f"{here}/stand", headers=headers)).text
    assert 'hx-trigger="every 2s"' in stand
    assert "400 van 1.000" in stand
    asked = await client.post(f"{here}/annulering", headers=headers, data={"x": ""})
    assert asked.headers["location"] == f"{here}?gedaan=annuleren"
    page = (await client.get(asked.headers["location"], headers=headers)).text
    assert "eindigt na de stap" in page
    again = await client.post(f"{here}/annulering", headers=headers, data={"x": ""})
    assert again.status_code == 409
    assert "niet te annuleren" in again.text


async def test_screen_and_api_do_the_same(
    client: httpx2.AsyncClient, platform_settings: Settings, database: Database, job: NewJob
) -> None:
    headers = as_(platform_settings)
    cancelled = await client.post(f"{API}/{job.id}/annulering", headers=headers)
    assert cancelled.json()["status"] == "geannuleerd"
    assert cancelled.json()["geannuleerdDoor"] == "techniek"
    refused = await client.post(f"{API}/{job.id}/annulering", headers=headers)
    assert refused.status_code == 409
    page = f"{HERE}/{job.id}/nieuwe-poging"
    assert (await client.post(page, headers=headers, data={"x": ""})).status_code == 303
    found = (await client.get(f"{API}/{job.id}", headers=headers)).json()
    assert (found["status"], found["geannuleerdDoor"], found["pogingen"]) == ("wacht", None, 0)
    refused = await client.post(f"{API}/{job.id}/nieuwe-poging", headers=headers)
    assert refused.status_code == 409
    assert (await client.get(f"{API}/{new_id()}", headers=headers)).status_code == 404


async def test_the_api_lists_a_state_in_pages(
    client: httpx2.AsyncClient, platform_settings: Settings, database: Database
) -> None:
    async with database.work("planner", sight=Sight.ALL) as work:
        for number in range(5):
            queue(work, NewJob(kind="tellen", description=f"{number}"))
    headers = as_(platform_settings)
    assert (await client.get(API, headers=headers)).json()["resultaten"] == []
    seen: list[Any] = []
    address = f"{API}?status=wacht&soort=tellen&limit=2"
    while address:
        answer = await client.get(address, headers=headers)
        seen += [one["omschrijving"] for one in answer.json()["resultaten"]]
        address = answer.links.get("next", {}).get("url", "")
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


async def test_who_asked_follows_its_own_job_and_no_other(
    client: httpx2.AsyncClient, platform_settings: Settings, job: NewJob
) -> None:
    for user, status in (("planner", 200), ("klachten", 403), ("enschede", 403)):
        headers = as_(platform_settings, user)
        for address in (f"{HERE}/{job.id}", f"{HERE}/{job.id}/stand", f"{API}/{job.id}"):
            assert (await client.get(address, headers=headers)).status_code == status, address
        for address in (HERE, API):
            assert (await client.get(address, headers=headers)).status_code == 403
    for user, status in (("klachten", 403), ("planner", 200)):
        headers = as_(platform_settings, user)
        asked = await client.post(f"{API}/{job.id}/annulering", headers=headers)
        assert asked.status_code == status

"""The administrator's screen: a rebuild is asked for, taken up by the worker, and followed."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from deploy import web
from deploy.rebuilding import take_up_rebuilds
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.auth.sight import Sight
from shared.rebuild import metrics, store
from shared.settings import SERVICES
from tests.integration.rebuild.conftest import Town
from tests.integration.rebuild.test_command import WAITS
from tests.support.databases import as_owner
from tests.support.sessions import use_tokens
from tests.support.waiting import until

HERE = "/risk/gebeurtenissen/herbouw"
NOTICE = "De herbouw is aangevraagd"
SILENT = "UPDATE rebuild SET seen_at = now() - interval '1 hour', state = 'loopt'"


@pytest.fixture
async def client(town: Town) -> AsyncIterator[httpx2.AsyncClient]:
    await as_owner(town.databases["risk"].pool, "TRUNCATE rebuild")
    app = web.build(SERVICES, town.settings)
    async with app.router.lifespan_context(app):
        use_tokens(app, town.settings)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
            yield client


@pytest.fixture
def environment(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of a rebuild finds."""
    monkeypatch.setenv("VTH_ENVIRONMENT", "test")
    monkeypatch.setenv("VTH_DATABASE_URL", town.settings.database_url.get_secret_value())
    assert "VTH_TRANSPORT" not in os.environ


def as_(town: Town, user: str) -> dict[str, str]:
    return {"Cookie": f"{SESSION_COOKIE}={issue(town.settings, BY_SUBJECT[user])}"}


async def ask(
    town: Town, client: httpx2.AsyncClient, user: str = "techniek", projection: str = "feiten"
) -> httpx2.Response:
    return await client.post(f"{HERE}/{projection}", headers=as_(town, user), data={"x": ""})


@asynccontextmanager
async def worker(town: Town) -> AsyncIterator[None]:
    stop = asyncio.Event()
    spec, database = town.spec("risk"), town.databases["risk"]
    async with asyncio.TaskGroup() as group:
        group.create_task(take_up_rebuilds(spec, database, stop))
        yield
        stop.set()


async def state(town: Town) -> str:
    async with town.databases["risk"].read(Sight.ALL) as rows:
        return str((await store.last(rows, 1))[0]["state"])


async def test_what_is_asked_on_the_screen_is_carried_out(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    await town.databases["risk"].pool.execute("UPDATE complaint SET number = 'kwijt'")
    asked = await ask(town, client)
    assert asked.headers["location"] == f"{HERE}?gedaan=herbouw"
    shown = (await client.get(f"{HERE}/stand", headers=as_(town, "techniek"))).text
    assert "Aangevraagd" in shown
    assert 'hx-trigger="every 2s"' in shown
    page = asked.headers["location"]
    assert NOTICE in (await client.get(page, headers=as_(town, "techniek"))).text

    async def is_done() -> bool:
        return await state(town) == "klaar"

    async with worker(town):
        await until(is_done, 60)
    shown = (await client.get(f"{HERE}/stand", headers=as_(town, "techniek"))).text
    assert "Klaar" in shown
    assert "techniek" in shown
    assert "hx-trigger" not in shown
    assert NOTICE not in (await client.get(page, headers=as_(town, "techniek"))).text
    lost = "SELECT count(*) FROM complaint WHERE number = 'kwijt'"
    assert await town.databases["risk"].pool.fetchval(lost) == 0


async def test_a_second_request_waits_for_the_first(town: Town, client: httpx2.AsyncClient) -> None:
    asked = await ask(town, client)
    assert asked.status_code == 303
    refused = await ask(town, client)
    assert refused.status_code == 409
    assert "Er loopt al een herbouw" in refused.text


async def test_a_projection_that_is_not_there_is_refused(
    town: Town, client: httpx2.AsyncClient
) -> None:
    refused = await ask(town, client, projection="onzin")
    assert refused.status_code == 404
    assert "Deze projectie is er niet" in refused.text


@pytest.mark.parametrize("user", ["klachten", "controller", "enschede"])
async def test_only_an_administrator_may(town: Town, client: httpx2.AsyncClient, user: str) -> None:
    for path in (HERE, f"{HERE}/stand"):
        assert (await client.get(path, headers=as_(town, user))).status_code == 403
    assert (await ask(town, client, user)).status_code == 403


async def test_a_rebuild_whose_process_is_gone_is_ended(
    town: Town, client: httpx2.AsyncClient
) -> None:
    await ask(town, client)
    await town.databases["risk"].pool.execute(SILENT)

    async def is_ended() -> bool:
        return await state(town) == "mislukt"

    async with worker(town):
        await until(is_ended)
    shown = (await client.get(HERE, headers=as_(town, "techniek"))).text
    assert "Afgebroken: het proces is weg" in shown
    assert metrics.rebuild_failed.labels("risk")._value.get() == 1


async def test_a_worker_that_stops_ends_its_rebuild(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    pool = town.databases["risk"].pool
    before = await town.rows("risk", ["complaint"])

    async def is_swapping() -> bool:
        return bool(await pool.fetchval(WAITS, "public.complaint"))

    async with pool.acquire() as reader, reader.transaction():
        await reader.fetchval("SELECT count(*) FROM complaint")
        await ask(town, client)
        async with worker(town):
            await until(is_swapping, 60)
        assert await state(town) == "mislukt"
    shown = (await client.get(HERE, headers=as_(town, "techniek"))).text
    assert "Gestopt. De tabellen zijn zoals ze waren" in shown
    assert await town.rows("risk", ["complaint"]) == before

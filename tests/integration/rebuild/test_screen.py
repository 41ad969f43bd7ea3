"""The administrator's screen: a rebuild is asked for, done by a worker, followed and cancelled."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from deploy import web
from deploy.rebuilding import rebuild_kinds
from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.jobs.runner import JobRunner
from shared.jobs.standing import JobRow
from shared.rebuild import shadow
from shared.settings import SERVICES
from tests.integration.rebuild import worker_process
from tests.integration.rebuild.conftest import Town
from tests.integration.rebuild.test_command import WAITS
from tests.support.sessions import use_tokens
from tests.support.waiting import until

HERE = "/risk/gebeurtenissen/herbouw"
JOBS = "/risk/gebeurtenissen/taken"
NOTICE = "De herbouw is aangevraagd"
PROCESS = Path(worker_process.__file__)


@pytest.fixture
async def client(town: Town) -> AsyncIterator[httpx2.AsyncClient]:
    await town.forget_jobs("risk")
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


async def shown(town: Town, client: httpx2.AsyncClient, path: str = HERE) -> str:
    return (await client.get(path, headers=as_(town, "techniek"))).text


@asynccontextmanager
async def worker(town: Town) -> AsyncIterator[None]:
    stop = asyncio.Event()
    spec, database = town.spec("risk"), town.databases["risk"]
    kinds = rebuild_kinds(spec)
    runner = JobRunner("risk", database, kinds, town.settings, None, look_every=0.05)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run(stop))
        yield
        stop.set()


async def job(town: Town) -> JobRow:
    (found,) = await town.jobs("risk")
    return found


async def has_ended(town: Town) -> bool:
    return (await job(town)).finished_at is not None


@asynccontextmanager
async def kept_from_swapping(town: Town) -> AsyncIterator[None]:
    """Somebody who reads the old table, until the block ends."""
    # Not of the pool, whose transactions are ended when they last.
    reader = await asyncpg.connect(town.settings.database_for("risk"))
    try:
        async with reader.transaction():
            await reader.fetchval("SELECT count(*) FROM complaint")
            yield
    finally:
        await reader.close()


async def is_swapping(town: Town) -> bool:
    return bool(await town.databases["risk"].pool.fetchval(WAITS, "public.complaint"))


async def tells_how_far(town: Town) -> bool:
    return (await job(town)).total > 0


async def has_leftovers(town: Town) -> bool:
    found = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)"
    return bool(await town.databases["risk"].pool.fetchval(found, shadow.SCHEMA))


async def test_what_is_asked_on_the_screen_is_carried_out(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    await town.databases["risk"].pool.execute("UPDATE complaint SET number = 'kwijt'")
    asked = await ask(town, client)
    assert asked.headers["location"] == f"{HERE}?gedaan=herbouw"
    page = asked.headers["location"]
    first = await shown(town, client, page)
    follow = f"{JOBS}/{(await job(town)).id}/stand?daarna=ververs"
    assert NOTICE in first
    assert f'hx-get="{follow}"' in first
    waiting = await shown(town, client, follow)
    assert "Wacht" in waiting
    assert f'hx-get="{follow}" hx-trigger="every 2s"' in waiting
    async with worker(town):
        await until(lambda: has_ended(town), 60)
    done = (await job(town)).done
    assert done > 0
    after = await client.get(follow, headers=as_(town, "techniek"))
    assert after.headers["HX-Refresh"] == "true"
    last = await shown(town, client, page)
    assert f"Opnieuw opgebouwd uit {done} gebeurtenissen" in last
    assert "techniek" in last
    assert "hx-get" not in last
    assert NOTICE not in last
    lost = "SELECT count(*) FROM complaint WHERE number = 'kwijt'"
    assert await town.databases["risk"].pool.fetchval(lost) == 0


async def test_a_second_request_waits_for_the_first(town: Town, client: httpx2.AsyncClient) -> None:
    asked = await ask(town, client)
    assert asked.status_code == 303
    refused = await ask(town, client, projection="deelnemers")
    assert refused.status_code == 409
    assert "Er loopt al een herbouw" in refused.text
    assert "<button" not in (await shown(town, client)).partition("Projecties van deze dienst")[2]


async def test_a_projection_that_is_not_there_is_refused(
    town: Town, client: httpx2.AsyncClient
) -> None:
    refused = await ask(town, client, projection="onzin")
    assert refused.status_code == 404
    assert "Deze projectie is er niet" in refused.text


@pytest.mark.parametrize("user", ["klachten", "controller", "enschede"])
async def test_only_an_administrator_may(town: Town, client: httpx2.AsyncClient, user: str) -> None:
    assert (await client.get(HERE, headers=as_(town, user))).status_code == 403
    assert (await ask(town, client, user)).status_code == 403


async def test_cancelled_half_way_it_ends_at_once_and_changes_nothing(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    before = await town.rows("risk", ["complaint"])
    async with kept_from_swapping(town), worker(town):
        await ask(town, client)
        await until(lambda: is_swapping(town), 60)
        path = f"{JOBS}/{(await job(town)).id}"
        await until(lambda: tells_how_far(town))
        running = await shown(town, client, f"{path}/stand")
        assert "wisselen" in running or "bijwerken" in running
        answer = await client.post(
            f"{path}/annulering", headers=as_(town, "techniek"), data={"x": ""}
        )
        assert answer.status_code == 303
        await until(lambda: has_ended(town), 20)
    found = await job(town)
    assert (found.state, found.cancelled_by) == ("geannuleerd", "techniek")
    assert await town.rows("risk", ["complaint"]) == before
    assert not await has_leftovers(town)


async def test_a_worker_that_stops_gives_it_back(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    before = await town.rows("risk", ["complaint"])
    async with kept_from_swapping(town):
        await ask(town, client)
        async with worker(town):
            await until(lambda: is_swapping(town), 60)
        given_back = await job(town)
        assert (given_back.state, given_back.attempts) == ("wacht", 0)
        assert not await has_leftovers(town)
    assert await town.rows("risk", ["complaint"]) == before
    async with worker(town):
        await until(lambda: has_ended(town), 60)
    assert (await job(town)).state == "klaar"
    assert await town.rows("risk", ["complaint"]) == before


@contextmanager
def worker_of_its_own() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, str(PROCESS)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_what_a_killed_worker_did_is_done_by_another(
    town: Town, client: httpx2.AsyncClient, environment: None
) -> None:
    before = await town.rows("risk", ["complaint"])
    async with kept_from_swapping(town):
        await ask(town, client)
        with worker_of_its_own() as killed:
            await until(lambda: is_swapping(town), 60)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        assert (await job(town)).state == "loopt"
    async with worker(town):
        await until(lambda: has_ended(town), 60)
    found = await job(town)
    assert (found.state, found.attempts) == ("klaar", 2)
    assert await town.rows("risk", ["complaint"]) == before
    assert not await has_leftovers(town)


async def test_a_projection_of_an_earlier_release_is_refused_in_words(
    town: Town, client: httpx2.AsyncClient
) -> None:
    pool = town.databases["risk"].pool
    await pool.execute(
        "INSERT INTO job (id, kind, key, description, parameters, requested_by) VALUES "
        "($1, 'herbouw', 'herbouw', 'Herbouw: oud', '{\"projection\": \"oud\"}', 'techniek')",
        uuid4(),
    )
    async with worker(town):
        await until(lambda: has_ended(town), 20)
    found = await job(town)
    assert found.state == "mislukt"
    assert "feiten, deelnemers" in (found.error or "")
    assert "feiten, deelnemers" in await shown(town, client)

"""A database that is full or gone: a clear answer, and nothing half-written."""

from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.http.outages import outage_of
from shared.service import build_service
from shared.settings import Settings
from tests.integration.kernel.conftest import SPEC
from tests.support.outages import ended_by_its_length
from tests.support.sessions import use_tokens

# PostgreSQL says 53100 when a file cannot grow; here when a row is added to the outbox.
FULL = """
CREATE OR REPLACE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device'
    USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON outbox
FOR EACH ROW EXECUTE FUNCTION disk_is_full();
"""


@pytest.fixture
async def full_disk(app: FastAPI) -> AsyncIterator[asyncpg.Pool]:
    pool: asyncpg.Pool = app.state.db.pool
    await pool.execute(FULL)
    yield pool
    await pool.execute("DROP TRIGGER full_disk ON outbox")


async def test_a_full_disk_refuses_the_request_and_stores_nothing(
    client: httpx2.AsyncClient, full_disk: asyncpg.Pool
) -> None:
    headers = {"Idempotency-Key": "0190a1b2-0000-7000-8000-00000000f011"}
    answer = await client.post("/dingen", json={"naam": "vol"}, headers=headers)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    found = answer.json()
    assert (found["status"], found["code"]) == (503, "tijdelijk-niet-beschikbaar")
    assert "niets opgeslagen" in found["detail"]
    assert await full_disk.fetchval("SELECT count(*) FROM thing WHERE name = 'vol'") == 0
    assert await full_disk.fetchval("SELECT count(*) FROM idempotency") == 0
    await full_disk.execute("ALTER TABLE outbox DISABLE TRIGGER full_disk")
    again = await client.post("/dingen", json={"naam": "vol"}, headers=headers)
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "niet op tijd"),
        (asyncpg.LockNotAvailableError("x"), "niet op tijd"),
        (ended_by_its_length(), "niet op tijd"),
        (asyncpg.DiskFullError("x"), "vol"),
        (asyncpg.TooManyConnectionsError("x"), "niet bereikbaar"),
        (ConnectionResetError(), "niet bereikbaar"),
    ],
)
def test_what_is_an_outage(error: BaseException, said: str) -> None:
    assert said in (outage_of(error) or "")


def test_what_is_a_fault_of_ours_is_none() -> None:
    assert outage_of(asyncpg.CheckViolationError("x")) is None
    assert outage_of(KeyError("x")) is None


async def test_reading_goes_on_while_the_disk_is_full(
    client: httpx2.AsyncClient, full_disk: asyncpg.Pool
) -> None:
    assert (await client.get("/dingen")).status_code == 200


@pytest.fixture
async def cut_off(server_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a service whose PostgreSQL is not there."""
    away = server_settings.model_copy(
        update={"database_url": SecretStr("postgresql://nobody@127.0.0.1:1")}
    )
    app = build_service(SPEC, away)
    headers = {"Authorization": f"Bearer {issue(away, BY_SUBJECT['klachten'])}"}
    async with app.router.lifespan_context(app):
        use_tokens(app, away)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://vth.test", headers=headers
        ) as client:
            yield client


async def test_a_database_that_is_gone_is_a_503_everywhere(cut_off: httpx2.AsyncClient) -> None:
    for request in (
        cut_off.get("/v1/dingen"),
        cut_off.post("/v1/dingen", json={"naam": "weg"}),
        cut_off.get("/health/ready"),
    ):
        answer = await request
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


async def test_a_screen_says_it_too(cut_off: httpx2.AsyncClient) -> None:
    cut_off.cookies[SESSION_COOKIE] = cut_off.headers["authorization"].removeprefix("Bearer ")
    page = await cut_off.get("/gebeurtenissen")
    assert page.status_code == 503
    assert "De database is even niet bereikbaar" in page.text

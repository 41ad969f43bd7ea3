"""A sign that no database keeps is wrong input at every door, and no fault of the platform."""

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI

from shared.http import problems
from shared.http.paging import encode_cursor
from shared.ui.forms import KEY_FIELD


async def test_where_no_check_of_its_own_sees_it(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient
) -> None:
    read = await client.get("/dingen", params={"cursor": encode_cursor(["\x00"])})
    assert (read.status_code, read.json()["code"]) == (400, "ongeldige-invoer")
    posted = await browser.post("/dingen/nieuw", data={"naam": "nul", KEY_FIELD: "a\x00b"})
    assert posted.status_code == 400
    assert "teken" in posted.text


@pytest.mark.parametrize(
    "error", [asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError]
)
async def test_however_the_database_says_so(error: type[Exception]) -> None:
    """Of a text by itself, and of one inside JSON."""

    async def kept() -> None:
        raise error

    app = FastAPI()
    problems.install(app)
    app.post("/")(kept)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
        answer = await client.post("/")
    assert (answer.status_code, answer.json()["code"]) == (400, "ongeldige-invoer")

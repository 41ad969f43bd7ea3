"""Sessions that a provider gave: signing in, refresh by one of many, and its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx2
import pytest

from shared.auth.pages import SESSION_COOKIE
from tests.integration.sessions.conftest import SITE, Process
from tests.support.issuer import Issuer

PAGE = "/intake/klachten"
Pair = tuple[Process, Process]


async def walk(browser: httpx2.AsyncClient, to: str = PAGE) -> httpx2.Response:
    """Sign in at the provider, as a browser that follows it there and back."""
    sent = await browser.get("/inloggen", params={"terug": to})
    assert sent.status_code == 303, sent.text
    async with httpx2.AsyncClient() as outside:
        back = await outside.get(sent.headers["location"])
    assert back.headers["location"].startswith(f"{SITE}/inloggen/terug?")
    return await browser.get(back.headers["location"])


@asynccontextmanager
async def signed_in(process: Process) -> AsyncIterator[httpx2.AsyncClient]:
    async with process.browser() as browser:
        answer = await walk(browser)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == PAGE
        yield browser


async def test_signing_in_at_a_provider(pair: Pair, issuer: Issuer) -> None:
    async with signed_in(pair[0]) as browser:
        assert ">anna</span>" in (await browser.get(PAGE)).text
        assert all("eyJ" not in value for value in browser.cookies.values())
    (asked,) = issuer.asked
    assert asked["grant_type"] == "authorization_code"


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "van een ander"},
        {"aud": "een-andere-client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"sub": "iemand-anders"},
    ],
    ids=lambda lie: next(iter(lie)),
)
async def test_an_identity_that_does_not_hold_opens_nothing(
    pair: Pair, issuer: Issuer, lie: dict[str, object]
) -> None:
    issuer.lies.update(lie)
    async with pair[0].browser() as browser:
        answer = await walk(browser)
        assert answer.status_code == 400
        assert "Aanmelden is niet gelukt" in answer.text
        assert SESSION_COOKIE not in browser.cookies


async def test_a_provider_that_is_away_is_a_dutch_page(pair: Pair, issuer: Issuer) -> None:
    async with pair[0].browser() as browser:
        sent = await browser.get("/inloggen")
        async with httpx2.AsyncClient() as outside:
            back = await outside.get(sent.headers["location"])
        issuer.away = True
        answer = await browser.get(back.headers["location"])
    assert answer.status_code == 503
    assert "antwoordt niet" in answer.text


async def test_a_token_near_its_end_is_refreshed(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    issuer.life = 30
    async with signed_in(pair[0]) as browser:
        issuer.life = 900
        for _ in range(3):
            assert (await browser.get(PAGE)).status_code == 200
    assert issuer.refreshes == 1


async def test_many_tabs_on_two_hosts_refresh_once(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    """A refresh token is taken once: a second refresh with it would end the session."""
    issuer.life = -5
    async with signed_in(pair[0]) as one:
        issuer.life, issuer.slow = 900, 0.4
        async with pair[1].browser(**{SESSION_COOKIE: one.cookies[SESSION_COOKIE]}) as other:
            answers = await asyncio.gather(
                *(browser.get(PAGE) for browser in (one, other) for _ in range(6))
            )
    assert [answer.status_code for answer in answers] == [200] * 12
    assert issuer.refreshes == 1


async def test_a_refused_refresh_ends_the_session_and_says_so(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    issuer.life = 30
    async with signed_in(pair[0]) as browser:
        issuer.forget_sessions()
        for _ in range(2):
            answer = await browser.get(PAGE)
            assert answer.status_code == 303
            location = answer.headers["location"]
            assert location == "/inloggen/verlopen?terug=%2Fintake%2Fklachten&reden=aanbieder"
        page = await browser.get(location)
        assert "Uw sessie is beëindigd" in page.text
        assert 'href="/inloggen?terug=/intake/klachten"' in page.text
        assert issuer.refreshes == 1
        assert (await walk(browser)).status_code == 303
        assert (await browser.get(PAGE)).status_code == 200


async def test_a_provider_that_is_away_does_not_end_a_session(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    issuer.life = 30
    async with signed_in(pair[0]) as browser:
        issuer.away = True
        for _ in range(2):
            assert (await browser.get(PAGE)).status_code == 200
        issuer.away, issuer.life = False, 900
        for _ in range(2):
            assert (await browser.get(PAGE)).status_code == 200
    assert issuer.refreshes == 3


async def test_tokens_that_ended_wait_for_the_provider(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    issuer.life = -5
    async with signed_in(pair[0]) as browser:
        issuer.away = True
        answer = await browser.get(PAGE)
        assert answer.status_code == 503
        assert "antwoordt niet" in answer.text
        issuer.away, issuer.life = False, 900
        assert (await browser.get(PAGE)).status_code == 200


async def test_another_subject_in_a_refreshed_token_ends_the_session(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    issuer.life = 30
    async with signed_in(pair[0]) as browser:
        await database.execute("UPDATE web_session SET subject = 'bob'")
        assert (await browser.get(PAGE)).status_code == 303


async def test_signing_out_ends_it_at_the_provider_too(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    async with signed_in(pair[0]) as browser:
        page = (await browser.post("/uitloggen")).text
    assert f'http-equiv="refresh" content="0; url={issuer.url}/logout?' in page
    assert "id_token_hint=eyJ" in page
    async with pair[0].browser() as stranger:
        page = (await stranger.post("/uitloggen")).text
    assert "id_token_hint" not in page


async def test_the_provider_ends_a_session(
    pair: Pair, issuer: Issuer, database: asyncpg.Connection
) -> None:
    async with signed_in(pair[0]) as one, signed_in(pair[1]) as two, pair[1].browser() as gate:
        newest = "SELECT provider_session FROM web_session ORDER BY started_at LIMIT 1"
        token = issuer.logout_token(sid=await database.fetchval(newest))
        answer = await gate.post("/uitloggen/aanbieder", data={"logout_token": token})
        assert answer.status_code == 200
        assert (await one.get(PAGE)).headers["location"].endswith("&reden=aanbieder")
        assert (await two.get(PAGE)).status_code == 200
        token = issuer.logout_token(sub="anna")
        await gate.post("/uitloggen/aanbieder", data={"logout_token": token})
        assert (await two.get(PAGE)).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "anna", "events": {}},
        {"sub": "anna", "nonce": "x"},
        {"sub": "anna", "aud": "vth"},
        {"sub": "anna", "exp": 1},
        {},
    ],
)
async def test_what_is_no_logout_token_ends_nothing(
    pair: Pair, issuer: Issuer, claims: dict[str, object], database: asyncpg.Connection
) -> None:
    async with signed_in(pair[0]) as browser, pair[0].browser() as gate:
        for token in (issuer.logout_token(**claims), "x.y.z", ""):
            answer = await gate.post("/uitloggen/aanbieder", data={"logout_token": token})
            assert answer.status_code == 400
        assert (await browser.get(PAGE)).status_code == 200

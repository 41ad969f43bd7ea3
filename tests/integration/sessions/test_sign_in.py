"""A session begins by signing in and ends by signing out, everywhere at once."""

from datetime import timedelta

import asyncpg
import httpx2
import pytest

from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.sessions.sealing import Secret
from shared.settings import Settings
from tests.integration.sessions.conftest import Process, started

PAGES = (
    "/intake/klachten",
    "/risk/locaties",
    "/enforcement/controles",
    "/reporting/deelnemers",
)


async def sign_in(browser: httpx2.AsyncClient, user: str = "teamleider", to: str = "/") -> str:
    answer = await browser.post("/inloggen", data={"gebruiker": user, "terug": to})
    assert answer.status_code == 303, answer.text
    return browser.cookies[SESSION_COOKIE]


async def test_one_session_opens_every_service(
    process: Process, database: asyncpg.Connection
) -> None:
    async with process.browser() as browser:
        await sign_in(browser)
        for page in PAGES:
            assert (await browser.get(page)).status_code == 200, page


async def test_signing_out_ends_it_at_every_service_and_process(
    process: Process, platform_settings: Settings, database: asyncpg.Connection
) -> None:
    async with started(platform_settings) as other, process.browser() as browser:
        cookie = await sign_in(browser)
        async with other.browser(**{SESSION_COOKIE: cookie}) as elsewhere:
            assert (await elsewhere.get(PAGES[0])).status_code == 200
        await browser.post("/uitloggen")
        assert SESSION_COOKIE not in browser.cookies
        for each in (process, other):
            async with each.browser(**{SESSION_COOKIE: cookie}) as stolen:
                for page in (*PAGES, "/zoeken?q=a"):
                    answer = await stolen.get(page)
                    assert answer.status_code == 303, page
                    assert answer.headers["location"].startswith("/inloggen?terug=")
                assert "Uitloggen" not in (await stolen.get("/")).text


async def test_a_token_is_no_session(process: Process, platform_settings: Settings) -> None:
    """What the cookie held before there were sessions: its user signs in again."""
    token = issue(platform_settings, BY_SUBJECT["beheer"])
    async with process.browser() as old:
        for cookie in (token, "x", "\xe9", "x" * 5000, ""):
            headers = {b"Cookie": f"{SESSION_COOKIE}={cookie}".encode("latin-1")}
            assert (await old.get(PAGES[0], headers=headers)).status_code == 303


async def test_a_restart_ends_nothing(
    process: Process, platform_settings: Settings, database: asyncpg.Connection
) -> None:
    async with started(platform_settings) as before, before.browser() as browser:
        cookie = await sign_in(browser)
    async with (
        started(platform_settings) as after,
        after.browser(**{SESSION_COOKIE: cookie}) as browser,
    ):
        assert (await browser.get(PAGES[0])).status_code == 200


async def test_the_database_holds_no_key_to_a_session(
    process: Process, database: asyncpg.Connection
) -> None:
    async with process.browser() as browser:
        cookie = await sign_in(browser, "klachten")
    row = await database.fetchrow("SELECT * FROM web_session")
    assert row["subject"] == "klachten"
    stored = b"".join(value for value in row.values() if isinstance(value, bytes))
    assert cookie.encode() not in stored
    assert b"eyJ" not in stored
    assert Secret(cookie).open(row["sealed"])["access"].startswith("eyJ")
    assert Secret.new().open(row["sealed"]) is None


@pytest.mark.parametrize(
    ("column", "ago"), [("seen_at", timedelta(minutes=60)), ("expires_at", timedelta(0))]
)
async def test_it_ends_by_time(
    process: Process, database: asyncpg.Connection, column: str, ago: timedelta
) -> None:
    async with process.browser() as browser:
        await sign_in(browser)
        assert (await browser.get(PAGES[0])).status_code == 200
        await database.execute(f"UPDATE web_session SET {column} = now() - $1::interval", ago)
        answer = await browser.get(PAGES[0])
        assert answer.status_code == 303
        assert answer.headers["location"] == "/inloggen?terug=%2Fintake%2Fklachten"


async def test_working_keeps_it_going(process: Process, database: asyncpg.Connection) -> None:
    async with process.browser() as browser:
        await sign_in(browser)
        await database.execute("UPDATE web_session SET seen_at = now() - interval '59 minutes'")
        assert (await browser.get(PAGES[0])).status_code == 200
        idle = await database.fetchval("SELECT now() - seen_at FROM web_session")
        assert idle < timedelta(minutes=1)


async def test_the_next_sign_in_ends_the_one_before(
    process: Process, database: asyncpg.Connection
) -> None:
    async with process.browser() as browser:
        first = await sign_in(browser, "klachten")
        await sign_in(browser, "planner")
    async with process.browser(**{SESSION_COOKIE: first}) as browser:
        assert (await browser.get(PAGES[0])).status_code == 303


async def test_what_is_long_over_is_cleaned_up(
    process: Process, database: asyncpg.Connection
) -> None:
    async with process.browser() as browser:
        await sign_in(browser, "klachten")
        await database.execute("UPDATE web_session SET expires_at = now() - interval '25 hours'")
        await sign_in(browser, "planner")
    assert await database.fetchval("SELECT array_agg(subject) FROM web_session") == ["planner"]


async def test_another_site_signs_nobody_out(
    process: Process, database: asyncpg.Connection
) -> None:
    async with process.browser() as browser:
        await sign_in(browser)
        away = {"sec-fetch-site": "cross-site"}
        assert (await browser.post("/uitloggen", headers=away)).status_code == 403
        assert (await browser.get(PAGES[0])).status_code == 200


async def test_a_fragment_of_an_open_page_says_so(
    process: Process, database: asyncpg.Connection
) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    async with process.browser() as browser:
        answer = await browser.get("/intake/klachten", headers=headers)
    assert answer.status_code == 401
    assert "Uw sessie is verlopen" in answer.text
    assert "<html" not in answer.text


async def test_the_role_of_sessions_owns_nothing(database: asyncpg.Connection) -> None:
    owners = await database.fetch(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    )
    assert [row[0] for row in owners] == ["vth_sessions_owner"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute("DROP TABLE draft")

"""What was typed survives a session that ended; it is shown again, and never carried out by us."""

import ast
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Final

import asyncpg
import httpx2
import pytest

from shared.auth.pages import DRAFT_COOKIE, SESSION_COOKIE
from shared.sessions.sealing import Secret
from shared.settings import Settings
from tests.integration.sessions.conftest import Process
from tests.integration.sessions.test_sign_in import sign_in

FORM: Final = "/intake/klachten/nieuw"
STORY: Final = "Vier uur lang een <zware> bromtoon; bel mij & mijn buren."
TYPED: Final = {
    "categorie": "geluid",
    "kanaal": "telefoon",
    "omschrijving": STORY,
    "plaatsomschrijving": "achter de haven",
    "datum": "2026-11-02",
    "tijd": "09:15",
    "naam": "Jo Voorbeeld",
    "idempotentiesleutel": "0190a1b2-0000-7000-8000-0000000000d1",
}
END: Final = "UPDATE web_session SET seen_at = now() - interval '2 hours'"


@pytest.fixture
async def late(process: Process, database: asyncpg.Connection) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser whose session has ended while somebody typed."""
    async with process.browser() as browser:
        await sign_in(browser, "klachten")
        await database.execute(END)
        yield browser


async def complaints(settings: Settings) -> int:
    connection = await asyncpg.connect(settings.database_for("intake"))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM complaint"))
    finally:
        await connection.close()


async def send(browser: httpx2.AsyncClient, path: str = FORM, **more: object) -> None:
    """Post the form too late: it leads to a page that says so."""
    answer = await browser.post(path, data={**TYPED, **more})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/inloggen/verlopen?terug=%2Finloggen%2Fverder"
    page = await browser.get(answer.headers["location"])
    assert "Wat u invulde is bewaard" in page.text
    assert 'href="/inloggen?terug=/inloggen/verder"' in page.text


async def go_on(browser: httpx2.AsyncClient) -> httpx2.Response:
    """The button of the page after signing in, as a browser without scripts has it."""
    page = await browser.get("/inloggen/verder")
    assert page.status_code == 200, page.text
    found = re.search(r'<form action="([^"]+)" method="post" data-vth-go-on>', page.text)
    assert found is not None
    return await browser.post(unescape(found[1]), data={"verder": "ja"})


async def test_what_was_typed_is_in_the_form_again(
    late: httpx2.AsyncClient, platform_settings: Settings
) -> None:
    before = await complaints(platform_settings)
    await send(late)
    await sign_in(late, "klachten", "/inloggen/verder")
    form = await go_on(late)
    assert form.status_code == 409
    assert "Uw sessie was verlopen; er is niets opgeslagen" in form.text
    assert STORY in unescape(form.text)
    assert 'value="Jo Voorbeeld"' in form.text
    assert await complaints(platform_settings) == before
    # Sent again by hand it is carried out, once.
    for _ in range(2):
        answer = await late.post(FORM, data=TYPED)
        assert answer.status_code == 303, answer.text
    assert await complaints(platform_settings) == before + 1


async def test_nothing_is_carried_out_without_a_second_look(
    late: httpx2.AsyncClient, platform_settings: Settings
) -> None:
    before = await complaints(platform_settings)
    await send(late)
    await sign_in(late, "klachten")
    for _ in range(3):
        await go_on(late)
    await late.get(FORM, params={"verder": "ja"})
    assert await complaints(platform_settings) == before


async def test_only_who_typed_it_sees_it(late: httpx2.AsyncClient) -> None:
    await send(late)
    await sign_in(late, "teamleider")
    page = await late.get("/inloggen/verder")
    assert page.status_code == 410
    assert STORY not in unescape(page.text)
    answer = await late.post(FORM, data={"verder": "ja"})
    assert answer.status_code == 410
    assert STORY not in unescape(answer.text)


async def test_it_is_for_the_form_that_it_was_typed_in(late: httpx2.AsyncClient) -> None:
    await send(late)
    await sign_in(late, "klachten")
    answer = await late.post("/reporting/uren?week=2026-W40", data={"verder": "ja"})
    assert answer.status_code == 410


async def test_another_browser_has_nothing(late: httpx2.AsyncClient, process: Process) -> None:
    await send(late)
    async with process.browser() as elsewhere:
        await sign_in(elsewhere, "klachten")
        assert (await elsewhere.get("/inloggen/verder")).status_code == 410


async def test_the_database_cannot_read_it(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    await send(late)
    sealed = await database.fetchval("SELECT sealed FROM draft")
    assert b"Voorbeeld" not in sealed
    assert b"klachten" not in sealed
    assert Secret(late.cookies[DRAFT_COOKIE]).open(sealed)["fields"]["naam"] == ["Jo Voorbeeld"]


async def test_it_is_kept_for_an_hour_and_once_a_session(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    await send(late)
    await send(late, omschrijving="De tweede keer")
    assert await database.fetchval("SELECT count(*) FROM draft") == 1
    left = await database.fetchval("SELECT extract(epoch FROM expires_at - now()) FROM draft")
    assert 3500 < left <= 3600
    await sign_in(late, "klachten")
    assert "De tweede keer" in (await go_on(late)).text
    await database.execute("UPDATE draft SET expires_at = now()")
    assert (await late.get("/inloggen/verder")).status_code == 410
    await sign_in(late, "klachten")
    assert await database.fetchval("SELECT count(*) FROM draft") == 0


async def test_signing_out_leaves_nothing_typed(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    await send(late)
    await sign_in(late, "klachten")
    await late.post("/uitloggen")
    assert DRAFT_COOKIE not in late.cookies
    assert await database.fetchval("SELECT count(*) FROM draft") == 0


async def test_another_site_leaves_no_draft(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    away = {"sec-fetch-site": "cross-site"}
    assert (await late.post(FORM, data=TYPED, headers=away)).status_code == 403
    assert await database.fetchval("SELECT count(*) FROM draft") == 0


async def test_who_has_no_session_leaves_no_draft(
    process: Process, database: asyncpg.Connection
) -> None:
    """So nobody fills the database from outside."""
    async with process.browser(**{SESSION_COOKIE: Secret.new().cookie}) as stranger:
        answer = await stranger.post(FORM, data=TYPED)
    assert answer.headers["location"].startswith("/inloggen/verlopen?terug=%2Fintake")
    assert await database.fetchval("SELECT count(*) FROM draft") == 0


async def test_it_is_no_larger_than_a_form_may_be(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    answer = await late.post(FORM, data={**TYPED, "omschrijving": "x" * 300_000})
    assert answer.status_code == 413
    assert await database.fetchval("SELECT count(*) FROM draft") == 0


async def test_a_session_that_ends_twice_keeps_it(
    late: httpx2.AsyncClient, database: asyncpg.Connection
) -> None:
    await send(late)
    await sign_in(late, "klachten")
    await database.execute(END)
    answer = await late.post(FORM, data={"verder": "ja"})
    assert answer.headers["location"] == "/inloggen/verlopen?terug=%2Finloggen%2Fverder"
    await sign_in(late, "klachten")
    assert STORY in unescape((await go_on(late)).text)


async def test_files_are_not_kept_and_that_is_said(late: httpx2.AsyncClient) -> None:
    answer = await late.post(FORM, data=TYPED, files={"foto": ("foto.jpg", b"x" * 50)})
    assert answer.status_code == 303
    await sign_in(late, "klachten")
    assert "Bestanden zijn niet bewaard" in (await late.get("/inloggen/verder")).text


async def test_the_grid_of_a_week_comes_back(
    process: Process, database: asyncpg.Connection
) -> None:
    """A page that shows its refusals itself."""
    async with process.browser() as browser:
        await sign_in(browser, "toezicht")
        page = await browser.get("/reporting/uren?week=2026-W40")
        names = re.findall(r'<input[^>]* name="([^"]+)"', page.text)
        minutes = next(name for name in names if "minuten" in name or ".ma" in name or "-" in name)
        await database.execute(END)
        typed = {minutes: "7:37", "actie": "indienen"}
        answer = await browser.post("/reporting/uren?week=2026-W40", data=typed)
        assert answer.headers["location"].endswith("verder")
        await sign_in(browser, "toezicht")
        form = await go_on(browser)
        assert "7:37" in form.text
        again = await browser.get("/reporting/uren?week=2026-W40")
        assert "7:37" not in again.text


def test_every_form_writes_by_its_submission() -> None:
    """A unit of work that a form opens by itself would carry out what was only to be shown."""
    root = Path(__file__).resolve().parents[3]
    forms, wrong = 0, []
    for path in (*root.glob("services/**/*.py"), *root.glob("shared/administration/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.AsyncFunctionDef):
                continue
            kinds = {ast.unparse(each.annotation) for each in node.args.args if each.annotation}
            if kinds & {"PageWriting", "Writing", "PublicWriting"} and "sent" in {
                each.arg for each in node.args.args
            }:
                forms += 1
                if re.search(r"\.work\(", ast.unparse(node)):
                    wrong.append(f"{path.name}:{node.name}")
    assert forms > 30
    assert wrong == []

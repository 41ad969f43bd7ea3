"""`make scale` finds what can be asked by itself, and says what misses the goal."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from tests.scale import goal
from tests.scale.calls import Asker, Heart
from tests.scale.filling import participants
from tests.scale.goal import Line, show
from tests.scale.measuring import Timing
from tests.scale.reading import Page, label, next_page

ID = "018f0000-0000-7000-8000-000000000001"
FAST = Timing("page", 10, 12, 10, 2, 100, "/intake/klachten")


def a_line(service: str = "intake", **changes: Any) -> Line:
    return Line(service, "beheer", "/intake/klachten", FAST, replace(FAST, **changes))


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"p50": 29.9}, []),
        ({"p50": 30.1}, ["> 2 x S"]),
        ({"p50": 49.9, "size": 200}, []),
        ({"p50": 50.1, "size": 200}, ["> 2 x S"]),
        ({"p50": 101, "size": 10_000}, ["> 100 ms"]),
        ({"p50": 101}, ["> 100 ms", "> 2 x S"]),
        ({"p50": 101, "kind": "search"}, ["> 2 x S"]),
        ({"p50": 301, "kind": "search"}, ["> 300 ms", "> 2 x S"]),
        ({"blocked": 51}, ["blocks 51 ms"]),
    ],
)
def test_a_line_says_what_it_misses(changes: dict[str, Any], missed: list[str]) -> None:
    assert a_line(**changes).misses == missed


def test_a_busy_machine_is_not_held_against_a_line() -> None:
    slow = a_line(p50=59, blocked=99, idle=2.0)
    assert slow.busier == 2.0
    assert slow.misses == []
    assert replace(slow, large=replace(slow.large, idle=0.5)).misses == ["> 2 x S", "blocks 99 ms"]
    assert a_line(p50=250, idle=2.0).misses == ["> 100 ms", "> 2 x S"]


def test_what_has_no_small_figure_is_held_to_the_limit_alone() -> None:
    assert replace(a_line(p50=99), small=None).misses == []
    assert replace(a_line(p50=101), small=None).misses == ["> 100 ms"]


@pytest.mark.parametrize(
    ("line", "unmeasured", "holds"),
    [
        (a_line(), {}, True),
        (a_line(p50=500), {}, False),
        (a_line("enforcement", p50=500), {}, False),
        (a_line("risk", p50=500), {"risk": ["/risk/nieuw"]}, True),
        (a_line(), {"intake": ["/intake/nieuw"]}, False),
    ],
)
def test_intake_and_enforcement_must_hold_and_be_measured_whole(
    line: Line,
    unmeasured: dict[str, list[str]],
    holds: bool,
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert show("M", [line], unmeasured) is holds
    assert goal.TARGET.exists()


def test_a_page_tells_its_links_fragments_and_fields() -> None:
    html = f"""
    <a href="/intake/klachten/{ID}">K</a><div hx-get="fragmenten/x?leeg=&vol=1"></div>
    <form method="get" action="/intake/klachten"><input name="zoek">
    <input type="hidden" name="weergave" value="mijn">
    <select name="soort"><option value="">Alle</option><option value="geur">Geur</option></select>
    </form>
    <form method="post" action="/intake/nieuw"><input name="zoek"></form>
    """
    assert Page("/intake/klachten", ("straat",)).addresses(html) == [
        f"/intake/klachten/{ID}",
        "/intake/fragmenten/x?vol=1",
        "/intake/klachten?weergave=mijn&zoek=straat",
        "/intake/klachten?weergave=mijn&soort=geur",
    ]


def test_a_label_is_the_same_for_another_row() -> None:
    assert label(f"/intake/klachten/{ID}?cursor=abc&zoek=K-1") == (
        "/intake/klachten/{id}?cursor={cursor}&zoek=K-1"
    )
    assert label("/risk/v1/locaties?jaar=2026") == "/risk/v1/locaties?jaar={n}"


def test_the_next_page_is_in_the_link_header() -> None:
    assert next_page('</a>; rel="first", </a?cursor=b>; rel="next"') == "/a?cursor=b"
    assert next_page('</a>; rel="first"') is None


def test_the_participants_are_those_of_the_example_agency() -> None:
    assert "gm0153" in participants()


async def test_a_request_that_keeps_the_loop_is_seen() -> None:
    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["path"] == "/bezet":
            time.sleep(0.08)  # noqa: ASYNC251 - that is what must be seen
        else:
            await asyncio.sleep(0.08)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x"})

    async with Heart() as heart:
        busy = await Asker(app, heart).get("/bezet")
        idle = await Asker(app, heart).get("/rustig")
    assert busy.blocked_ms > 60
    assert idle.blocked_ms < 60
    assert min(busy.whole_ms, idle.whole_ms) > 75


async def test_a_file_is_broken_off_after_its_time() -> None:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await asyncio.sleep(0.01)
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    async with Heart() as heart:
        answer = await Asker(app, heart).get("/bestand.csv", at_most=0.05)
    assert answer.broken_off
    assert 0 < answer.first_ms < answer.whole_ms

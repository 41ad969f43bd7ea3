"""The client kit: where it goes on, what it waits out, and what it tells."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import orjson
import pytest

from shared.client import CursorGoneError, FeedReader, Page, typed
from shared.contracts import guide
from shared.contracts.intake import ComplaintReceived
from shared.messaging.cloudevents import from_structured

EVENT = guide.document_of(ComplaintReceived)
Answer = httpx.Response | Exception


def page(cursor: str, *events: dict[str, Any], more: bool = False) -> httpx.Response:
    return httpx.Response(200, json={"resultaten": events, "volgende": cursor, "meer": more})


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[httpx.Request]]:
    """Have the platform give these answers; gives what it was asked."""

    def prepare(*answers: Answer) -> list[httpx.Request]:
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            found = answers[len(asked) - 1]
            if isinstance(found, Exception):
                raise found
            return found

        real = httpx.AsyncClient
        monkeypatch.setattr(
            "shared.client.httpx.AsyncClient",
            lambda **_: real(transport=httpx.MockTransport(answer)),
        )
        monkeypatch.setattr("shared.client.pauses", lambda: iter([0.0] * 10))
        return asked

    return prepare


async def read(reader: FeedReader, count: int, after: str = "") -> Sequence[Page]:
    pages: list[Page] = []
    following = reader.follow(after)
    async for each in following:
        pages.append(each)
        if len(pages) == count:
            break
    await following.aclose()
    return pages


def reader(**options: Any) -> FeedReader:
    return FeedReader("https://vth.example.nl/", "intake", "token", every=0, **options)


async def test_it_goes_on_behind_what_it_got(answering: Callable[..., list[httpx.Request]]) -> None:
    asked = answering(page("een", EVENT, more=True), page("twee"), page("drie", EVENT))
    pages = await read(reader(), 2, after="nul")
    assert [each.cursor for each in pages] == ["een", "drie"]
    assert [request.url.params["na"] for request in asked] == ["nul", "een", "twee"]
    assert pages[0].events[0].id == EVENT["id"]


async def test_filters_and_token_go_along(answering: Callable[..., list[httpx.Request]]) -> None:
    asked = answering(page("een", EVENT))
    tokens = iter(["eerste", "tweede"])
    options: dict[str, Any] = {"types": ["nl.a.b", "nl.c.d"], "participants": ["gm0153"], "most": 7}
    await read(
        FeedReader("https://vth.example.nl", "risk", lambda: next(tokens), every=0, **options), 1
    )
    assert asked[0].url.path == "/risk/v1/gebeurtenissen"
    assert asked[0].url.params.multi_items() == [
        ("type", "nl.a.b"),
        ("type", "nl.c.d"),
        ("deelnemer", "gm0153"),
        ("limit", "7"),
    ]
    assert asked[0].headers["authorization"] == "Bearer eerste"


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("away"), httpx.Response(503), httpx.Response(429)]
)
async def test_a_platform_that_is_away_is_waited_for(
    answering: Callable[..., list[httpx.Request]], trouble: Answer
) -> None:
    asked = answering(trouble, trouble, page("een", EVENT))
    assert len(await read(reader(), 1)) == 1
    assert len(asked) == 3


async def test_a_cursor_that_is_gone_is_told(
    answering: Callable[..., list[httpx.Request]],
) -> None:
    answering(httpx.Response(410, json={"detail": "Niet meer bewaard."}))
    with pytest.raises(CursorGoneError, match="Niet meer bewaard"):
        await read(reader(), 1, after="oud")


async def test_what_is_refused_is_told(answering: Callable[..., list[httpx.Request]]) -> None:
    answering(httpx.Response(403, request=httpx.Request("GET", "https://vth.example.nl")))
    with pytest.raises(httpx.HTTPStatusError):
        await read(reader(), 1)


def test_data_as_the_class_of_its_contract() -> None:
    event = from_structured(orjson.dumps(EVENT))
    found = typed(event)
    assert isinstance(found, ComplaintReceived)
    assert found.number == EVENT["data"]["nummer"]
    unknown = from_structured(orjson.dumps(EVENT | {"type": "nl.vth.klachten.later"}))
    assert typed(unknown) is None

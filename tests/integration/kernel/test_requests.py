"""What holds for every request: HEAD, versions, media types, size, time and trace."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from shared.auth.issuer import BY_SUBJECT, issue
from tests.integration.kernel.test_http import is_problem


async def test_head_answers_as_get_does_without_the_body(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient
) -> None:
    for asked, url in ((client, "/dingen"), (browser, "/dingen/nieuw")):
        get, head = await asked.get(url), await asked.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers["content-length"] == get.headers["content-length"]
    assert (await client.head("/nergens")).status_code == 404
    assert (await client.head("/vergeten-sleutels")).status_code == 405


@pytest.mark.parametrize("path", ["/v1", "/v2/dingen", "/v2", "/v12/"])
async def test_a_version_that_does_not_exist_is_a_problem(
    browser: httpx2.AsyncClient, path: str
) -> None:
    response = await browser.get(path)
    problem = is_problem(response, 404)
    assert "/v1/" in problem["detail"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("application/problem+json;q=0.5", 200),
        ("application/xml", 406),
        ("text/csv, application/json;q=0", 406),
        ("application/json;q=0.000", 406),
    ],
)
async def test_only_json_can_be_had(client: httpx2.AsyncClient, accept: str, status: int) -> None:
    response = await client.get("/dingen", headers={"Accept": accept})
    assert response.status_code == status
    if status == 406:
        is_problem(response, 406)


async def test_a_body_that_comes_in_pieces_is_limited_too(client: httpx2.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    headers = {"Content-Type": "application/json"}
    is_problem(await client.post("/dingen", content=pieces(), headers=headers), 413)


async def test_a_page_says_that_a_form_is_too_large(browser: httpx2.AsyncClient) -> None:
    response = await browser.post("/dingen/nieuw", data={"naam": "x" * 1_000_000})
    assert response.status_code == 413
    assert "Te groot" in response.text
    assert response.headers["content-type"].startswith("text/html")


async def test_a_request_that_does_not_come_in_time_is_ended(app: FastAPI) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not sent_first:
            sent_first.append(True)
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("nobody waits this long")

    async def send(message: Any) -> None:
        sent.append(message)

    sent_first: list[bool] = []
    token = issue(app.state.settings, BY_SUBJECT["klachten"])
    headers = [
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", b"100"),
    ]
    scope = {"type": "http", "method": "POST", "path": "/v1/dingen", "headers": headers}
    async with asyncio.timeout(5):
        await app({**scope, "root_path": "", "query_string": b""}, receive, send)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"Te langzaam" in sent[1]["body"]
    assert sent[1]["body"].startswith(b'{"type"')


@pytest.mark.parametrize("keyed", [False, True])
async def test_who_hangs_up_before_its_body_is_whole_is_no_fault_of_ours(
    app: FastAPI, *, keyed: bool
) -> None:
    sent: list[Any] = []
    came = iter(
        [
            {"type": "http.request", "body": b"{", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Any:
        return next(came)

    async def send(message: Any) -> None:
        sent.append(message)

    token = issue(app.state.settings, BY_SUBJECT["klachten"])
    headers = [
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", b"100"),
        *([(b"idempotency-key", b"afgebroken")] if keyed else []),
    ]
    scope = {"type": "http", "method": "POST", "path": "/v1/dingen", "headers": headers}
    await app({**scope, "root_path": "", "query_string": b""}, receive, send)
    assert sent[0]["status"] == 400


@pytest.mark.parametrize(
    "traceparent",
    [
        "00-" + "a" * 32 + "-" + "b" * 16 + "-" + "c" * 20_000,
        "00-" + "A" * 32 + "-" + "b" * 16 + "-01",
        "00-" + "0" * 32 + "-" + "b" * 16 + "-01",
        "00-" + "a" * 32 + "-" + "0" * 16 + "-01",
        "ff-" + "a" * 32 + "-" + "b" * 16 + "-01",
        "00-<script>aaaaaaaaaaaaaaaaaaaaaaaa-" + "b" * 16 + "-01",
    ],
)
async def test_a_trace_without_its_form_is_not_believed(
    client: httpx2.AsyncClient, traceparent: str
) -> None:
    answer = await client.get("/dingen", headers={"traceparent": traceparent})
    version, trace, parent, flags = answer.headers["traceresponse"].split("-")
    assert (version, len(trace), len(parent), flags) == ("00", 32, 16, "01")
    assert trace not in traceparent


async def test_a_trace_goes_on(client: httpx2.AsyncClient) -> None:
    known = "00-" + "a" * 32 + "-" + "b" * 16 + "-00"
    answer = await client.get("/dingen", headers={"traceparent": known})
    assert answer.headers["traceresponse"].startswith("00-" + "a" * 32)
    assert answer.headers["traceresponse"].endswith("-00")

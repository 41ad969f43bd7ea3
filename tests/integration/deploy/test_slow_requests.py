"""A client that sends too slowly or too much is ended, on a real connection."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deploy import http_protocol
from deploy.postgres_folder import free_port

HEAD_SECONDS = 0.6


async def answer(request: Request) -> Response:
    await request.body()
    await asyncio.sleep(float(request.query_params.get("duurt", "0")))
    return PlainTextResponse("ja")


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    """A server with the protocol of the platform, and a short time for heads."""
    port = free_port(0)
    config = uvicorn.Config(
        Starlette(routes=[Route("/", answer, methods=["GET", "POST"])]),
        port=port,
        http=http_protocol.within(HEAD_SECONDS),
        timeout_keep_alive=30,
        ws="none",
        log_level="error",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    await serving


@asynccontextmanager
async def connected(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ends_while_sending(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bytes_sent: bytes
) -> float:
    """Send byte by byte until the server ends it; gives the seconds. Fails when it does not."""
    began = time.monotonic()
    reading = asyncio.create_task(reader.read())
    for byte in bytes_sent:
        if reading.done():
            break
        writer.write(bytes([byte]))
        await asyncio.wait({reading}, timeout=0.1)
    assert reading.done(), "the server still listens"
    with suppress(ConnectionResetError):
        await reading
    return time.monotonic() - began


async def test_a_head_of_a_byte_at_a_time_is_ended(port: int) -> None:
    async with connected(port) as (reader, writer):
        slowly = b"GET / HTTP/1.1\r\nX-Slow: " + b"a" * 100
        assert HEAD_SECONDS / 2 < await ends_while_sending(reader, writer, slowly) < 5


async def test_a_connection_that_says_nothing_is_ended(port: int) -> None:
    async with connected(port) as (reader, _):
        assert await asyncio.wait_for(reader.read(), 5) == b""


@pytest.mark.parametrize("slowly", [b"GET / HTTP/1.1\r\nX: " + b"a" * 100, b"\r\n" * 50])
async def test_a_second_head_is_ended_too(port: int, slowly: bytes) -> None:
    async with connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await reader.readuntil(b"ja")
        assert await ends_while_sending(reader, writer, slowly) < 5


async def test_an_answer_may_take_longer_than_a_head(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(b"GET /?duurt=1.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"ja"), 5)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"ja"), 5)


@pytest.mark.parametrize(
    "endless",
    [b"GET / HTTP/1.1\r\nX-Long: ", b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n"],
)
async def test_a_head_without_an_end_is_refused(port: int, endless: bytes) -> None:
    async with connected(port) as (reader, writer):
        more = b"X: a\r\n" if endless.endswith(b"\n") else b"aaaaaa"
        # No byte more than it takes: what the server leaves unread would cut its answer off.
        writer.write((endless + more * http_protocol.HEAD_BYTES)[: http_protocol.HEAD_BYTES + 1])
        answer = await asyncio.wait_for(reader.read(), HEAD_SECONDS / 2)
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_trailer_without_an_end_is_ended(port: int) -> None:
    async with connected(port) as (reader, writer):
        chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
        writer.write(chunked)
        for _ in range(40):
            writer.write(b"aaaaaa" * 1_000)
            await asyncio.sleep(0)
        with suppress(ConnectionResetError):
            await asyncio.wait_for(reader.read(), HEAD_SECONDS / 2)


async def test_a_body_may_be_longer_than_a_head(port: int) -> None:
    body = b"a" * 3 * http_protocol.HEAD_BYTES
    async with connected(port) as (reader, writer):
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"ja"), 5)

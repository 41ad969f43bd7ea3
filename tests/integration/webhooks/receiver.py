"""A receiver of webhooks on a real port, that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import orjson

ALLOW_ALL = {"WebHook-Allowed-Origin": "*"}


@dataclass(slots=True)
class Received:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self.body)
        return document


@dataclass(slots=True)
class Answering:
    """What to answer; a `hang` answers after so many seconds, `until` after it."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    until: asyncio.Event | None = None
    body: bytes = b""


Choose = Callable[[Received], Answering]


def willing(request: Received) -> Answering:
    """Agrees, and takes everything."""
    return Answering(200, ALLOW_ALL) if request.method == "OPTIONS" else Answering()


class Receiver:
    """Keeps what comes in; `answers` says what goes out."""

    def __init__(self) -> None:
        self.port = 0
        self.answers: Choose = willing
        self.requests: list[Received] = []
        self.connections = 0
        self.written = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/vth"

    @property
    def posts(self) -> list[Received]:
        return [request for request in self.requests if request.method == "POST"]

    @property
    def subjects(self) -> list[str]:
        return [request.event["subject"] for request in self.posts]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _read(reader):
                self.requests.append(request)
                answer = self.answers(request)
                await asyncio.sleep(answer.hang)
                if answer.until is not None:
                    await answer.until.wait()
                lines = [f"HTTP/1.1 {answer.status} Status", f"Content-Length: {len(answer.body)}"]
                lines += [f"{name}: {value}" for name, value in answer.headers.items()]
                writer.write("\r\n".join([*lines, "", ""]).encode())
                for start in range(0, len(answer.body), 65_536):
                    writer.write(answer.body[start : start + 65_536])
                    await writer.drain()
                    self.written += 65_536
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body)


@asynccontextmanager
async def receiving(tls: SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()

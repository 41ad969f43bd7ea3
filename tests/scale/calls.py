"""Asks an application as a server would, and sees how long it kept the event loop."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

BEAT: Final = 0.002
# Enough of an answer to read its links and its first rows; the rest of a file is counted.
KEPT: Final = 2_000_000


@dataclass(slots=True)
class Answer:
    """What came back: after how long its first bytes, all of it, and how long nobody else ran."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    first_ms: float = 0.0
    whole_ms: float = 0.0
    blocked_ms: float = 0.0
    broken_off: bool = False
    # The path of the route that answered, as the code has it.
    route: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class EnoughError(Exception):
    """So much of a file came that the rest tells nothing new."""


class Heart:
    """Beats on the event loop; a beat that comes late tells how long something else ran."""

    def __init__(self) -> None:
        self.latest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.latest = max(self.latest, time.perf_counter() - before - BEAT)

    async def latest_beat(self) -> float:
        """How late a beat was at most since the start of this request, in ms."""
        await asyncio.sleep(BEAT)
        return self.latest * 1000


class Call:
    """One request as the application sees it: what it receives, and what it sends."""

    def __init__(self, body: bytes, at_most: float) -> None:
        self.answer = Answer()
        self.gone = asyncio.Event()
        self._began = time.perf_counter()
        self._at_most = at_most
        self._waiting: list[Message] = [{"type": "http.request", "body": body}]

    def elapsed(self) -> float:
        """For how many seconds it lasts."""
        return time.perf_counter() - self._began

    async def receive(self) -> Message:
        """The body, and then nothing until the answer is there."""
        if self._waiting:
            return self._waiting.pop()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Keep what came. Raises EnoughError when it lasts too long."""
        answer = self.answer
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
            return
        if self.elapsed() > self._at_most:
            raise EnoughError
        if not answer.size:
            answer.first_ms = self.elapsed() * 1000
        piece = message.get("body", b"")
        answer.size += len(piece)
        if len(answer.body) < KEPT:
            answer.body += piece


class Asker:
    """One caller of the applications of a web process."""

    def __init__(self, app: ASGIApp, heart: Heart) -> None:
        self._app = app
        self._heart = heart
        self.headers: dict[str, str] = {}

    async def get(self, address: str, at_most: float = math.inf) -> Answer:
        """The answer to a GET, broken off after so many seconds."""
        return await self.ask("GET", address, at_most=at_most)

    async def post(self, address: str, form: dict[str, str]) -> Answer:
        """The answer to a posted form."""
        return await self.ask("POST", address, urlencode(form).encode())

    async def ask(
        self, method: str, address: str, body: bytes = b"", at_most: float = math.inf
    ) -> Answer:
        """One request."""
        scope = self._scope(method, address, body)
        self._heart.latest = 0.0
        call = Call(body, at_most)
        try:
            await self._app(scope, call.receive, call.send)
        except* EnoughError:
            call.answer.broken_off = True
        call.answer.whole_ms = call.elapsed() * 1000
        call.gone.set()
        call.answer.blocked_ms = await self._heart.latest_beat()
        call.answer.route = _route(scope)
        return call.answer

    def _scope(self, method: str, address: str, body: bytes) -> dict[str, Any]:
        path, _, query = address.partition("?")
        headers = {"host": "127.0.0.1:8000", "sec-fetch-site": "same-origin", **self.headers}
        if body:
            headers |= {
                "content-type": "application/x-www-form-urlencoded",
                "content-length": str(len(body)),
                "origin": "http://127.0.0.1:8000",
            }
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
        }


def _route(scope: dict[str, Any]) -> str:
    route = scope.get("route")
    return str(scope.get("root_path", "")) + str(getattr(route, "path", ""))

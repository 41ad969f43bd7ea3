"""The edge of the API, as pure ASGI: size, media type, headers, trace and figures of a request."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Refused, TooLarge, UnsupportedMedia
from shared.http.problems import of_refusal, unexpected
from shared.telemetry import DURATION, REQUESTS, enter_trace

log = structlog.get_logger(__name__)

Raw = Mapping[bytes, bytes]
OnError = Callable[[Request, Exception], Awaitable[Response]]
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class Edge:
    """Refuses what is too large or of the wrong kind; adds what every response must carry."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        max_body: int,
        api_version: str | None = None,
        origins: Iterable[str] = (),
        beside: str | None = None,
        on_error: OnError = unexpected,
    ) -> None:
        self.app = app
        self.service = service
        self.max_body = max_body
        self.api_version = api_version
        self.always = _raw(SECURITY_HEADERS)
        if api_version is not None:
            self.always += _raw({"API-Version": api_version})
        self.origins = frozenset(origins)
        self.beside = beside
        self.on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._elsewhere(scope):
            await self.app(scope, receive, send)
            return
        headers: Raw = dict(scope["headers"])
        traceparent = enter_trace(_text(headers, b"traceparent"))
        sending = _Sending(self, scope, send, _text(headers, b"origin"), traceparent)
        try:
            receiving = await self._body(scope, receive, headers)
        except Refused as refused:
            await of_refusal(refused)(scope, receive, sending)
            return
        await self._inside(scope, receiving, sending)

    async def _inside(self, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        """An unexpected error becomes an answer here, so that it carries the headers too."""
        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if sending.started:
                raise
            response = await self.on_error(Request(scope), error)
            await response(scope, receive, sending)

    def _elsewhere(self, scope: Scope) -> bool:
        """Under a mount that has an edge of its own."""
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        return self.beside is not None and path.startswith(self.beside)

    async def _body(self, scope: Scope, receive: Receive, headers: Raw) -> Receive:
        if scope["method"] not in WITH_BODY:
            return receive
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > self.max_body:
            raise self._too_large()
        body = await self._read(receive)
        if self.api_version and body and not _is_json(_text(headers, b"content-type")):
            raise UnsupportedMedia("Stuur de gegevens als application/json.")
        return Replay(body, receive)

    async def _read(self, receive: Receive) -> bytes:
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size > self.max_body:
                raise self._too_large()
            parts.append(part)
            more = message["type"] == "http.request" and message.get("more_body", False)
        return b"".join(parts)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"Stuur ten hoogste {self.max_body // 1024} KB in een verzoek.")

    def decorate(self, message: Message, scope: Scope, origin: str, traceparent: str) -> None:
        raw = message["headers"] = list(message.get("headers", ()))
        present = {name for name, _ in raw}
        raw.extend(pair for pair in self.always if pair[0] not in present)
        raw.append((b"traceresponse", traceparent.encode()))
        if self.api_version is not None:
            self._allow(message, scope, origin)

    def _allow(self, message: Message, scope: Scope, origin: str) -> None:
        if scope["path"].endswith("/openapi.json"):
            MutableHeaders(scope=message)["Access-Control-Allow-Origin"] = "*"
        elif origin in self.origins:
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers.add_vary_header("Origin")

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "") or "onbekend"
        requests, duration = _figures(self.service, scope["method"], route, status)
        requests.inc()
        duration.observe(seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("server error", route=route, status=status)


class _Sending:
    """Sends a response, with what every response carries, and counts it."""

    def __init__(self, edge: Edge, scope: Scope, send: Send, origin: str, traceparent: str) -> None:
        self.edge, self.scope, self.send = edge, scope, send
        self.origin, self.traceparent = origin, traceparent
        self.start = time.perf_counter()
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.edge.decorate(message, self.scope, self.origin, self.traceparent)
            self.edge.count(self.scope, message["status"], time.perf_counter() - self.start)
        await self.send(message)


@lru_cache(maxsize=4096)
def _figures(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(service, method, route, status), DURATION.labels(service, route)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _text(headers: Raw, name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _is_json(content_type: str) -> bool:
    media = content_type.split(";", maxsplit=1)[0].strip().lower()
    return media in {"application/json", "application/geo+json"}


class Replay:
    """Receives a body that was read already, whole."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self.body = body
        self._receive = receive
        self._sent = False

    async def __call__(self) -> Message:
        if self._sent:
            return await self._receive()
        self._sent = True
        return {"type": "http.request", "body": self.body, "more_body": False}

"""What holds for every request and every response, as pure ASGI.

`ResponseMiddleware` is the outermost: headers, trace, figures, HEAD. `RequestMiddleware` is inside
CORS, so that a browser elsewhere can read its refusals too: media types, time, unexpected errors.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from http import HTTPStatus

import structlog
from prometheus_client import Counter, Histogram
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Invalid, NotAcceptable, Refused, TooLarge, UnsupportedMedia
from shared.http import access_log
from shared.http.access_log import REFUSED_ACCESS
from shared.http.deadlines import Deadlines
from shared.http.problems import of_refusal, unexpected
from shared.telemetry import DURATION, REQUESTS
from shared.tracing import entered, is_tracing, name_span

log = structlog.get_logger(__name__)

Raw = Mapping[bytes, bytes]
OnRefusal = Callable[[Request, Refused], Response]
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
_OFFICE = "application/vnd.openxmlformats-officedocument"
# What an operation answers with: JSON, or the file that it is for.
READABLE = (
    *("application/json", "application/problem+json", "application/geo+json"),
    *("application/pdf", f"{_OFFICE}.spreadsheetml.sheet", f"{_OFFICE}.wordprocessingml.document"),
)
PLAIN_413 = b"text/plain; charset=utf-8"
# The address of an operation that takes files ends so: that is no JSON, and may take longer. What
# lies below it is given out by its own media type.
FILES = "/bestanden"
TIMES_LONGER = 30
LOOK_SECONDS = 0.5


class ResponseMiddleware:
    """Adds what every response carries, counts it, and answers HEAD as GET without the body."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        api_version: str | None = None,
        except_below: str | None = None,
        access_log: bool = False,
    ) -> None:
        self.app = app
        self.service = service
        self._access_log = access_log
        self._always = _raw(SECURITY_HEADERS)
        if api_version is not None:
            self._always += _raw({"API-Version": api_version})
        self._except_below = except_below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_below(scope, self._except_below):
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":
            # A copy, so that the server itself still knows that it was HEAD.
            scope = {**scope, "method": "GET"}
        incoming = _text(dict(scope["headers"]), b"traceparent")
        start = time.perf_counter()
        with entered(method, incoming) as traceparent:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._complete(message, traceparent)
                    self._note(scope, method, message["status"], time.perf_counter() - start)
                elif method == "HEAD":
                    message = {**message, "body": b""}
                await send(message)

            await self.app(scope, receive, sending)

    def _complete(self, message: Message, traceparent: str) -> None:
        raw = message["headers"] = list(message.get("headers", ()))
        present = {name for name, _ in raw}
        raw.extend(pair for pair in self._always if pair[0] not in present)
        raw.append((b"traceresponse", traceparent.encode()))

    def _note(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "") or "onbekend"
        requests, duration = _figures(self.service, method, route, status)
        requests.inc()
        duration.observe(seconds)
        if is_tracing():
            name_span(
                f"{method} {route}",
                failed=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
                http__route=route,
                http__response__status_code=status,
                http__request__method=method,
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("server error", route=route, status=status)
        if status in REFUSED_ACCESS or self._access_log:
            access_log.note(scope, self.service, method, route, status, seconds)


class RequestMiddleware:
    """Refuses what cannot be read or answered, and turns an unexpected error into an answer.

    The size of a body is limited by Starlette, whose plain answer is worded here; a route that
    takes files sets a larger `max_body_size` of its own (and ends in `/bestanden`).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body: int,
        seconds_to_send: float,
        json_only: bool = False,
        except_below: str | None = None,
        on_refusal: OnRefusal = lambda _, refused: of_refusal(refused),
        on_error: OnError = unexpected,
    ) -> None:
        self.app = app
        self._limited = RequestBodyLimitMiddleware(app, max_body_size=max_body)
        self._seconds = seconds_to_send
        self._deadlines = Deadlines(LOOK_SECONDS)
        self._json_only = json_only
        self._except_below = except_below
        self._on_refusal = on_refusal
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_below(scope, self._except_below):
            await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            response = await self._refused_or_passed(scope, receive, answer)
        except Exception as error:
            if answer.started:
                raise
            response = await self._on_error(Request(scope), error)
        if response is not None:
            await response(scope, receive, send)

    async def _refused_or_passed(
        self, scope: Scope, receive: Receive, answer: "_Answer"
    ) -> Response | None:
        """The refusal, or None when the application has answered."""
        if scope["method"] in WITH_BODY:
            longer = TIMES_LONGER if scope["path"].endswith(FILES) else 1
            receive = self._deadlines.within(self._seconds * longer, receive)
        try:
            if self._json_only:
                _require_json(scope)
            await self._limited(scope, receive, answer)
            answer.require_not_too_large()
        except ClientDisconnect:
            if answer.started:
                raise
            # Nobody hears it; the log and the figures tell it from a fault of ours.
            return self._on_refusal(Request(scope), Invalid("Het verzoek kwam niet heel aan."))
        except Refused as refused:
            return self._on_refusal(Request(scope), refused)
        return None


class _Answer:
    """Passes a response on, but for the plain one that says that the body was too large."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.too_large = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.too_large = (
                message["status"] == TooLarge.status
                and dict(message.get("headers", ())).get(b"content-type") == PLAIN_413
            )
            self.started = not self.too_large
        if not self.too_large:
            await self._send(message)

    def require_not_too_large(self) -> None:
        """Raises TooLarge in place of the answer that was held back."""
        if self.too_large:
            raise TooLarge("Dit verzoek is groter dan is toegestaan. Stuur minder ineens.")


def _require_json(scope: Scope) -> None:
    """Raises NotAcceptable, UnsupportedMedia."""
    headers: Raw = dict(scope["headers"])
    accept = headers.get(b"accept")
    gives_file = scope["method"] in {"GET", "HEAD"} and f"{FILES}/" in scope["path"]
    if accept is not None and not gives_file and not accepts_json(accept.decode("latin-1")):
        raise NotAcceptable("Deze API antwoordt met application/json.")
    if scope["method"] in WITH_BODY and _has_body(headers):
        kind = _text(headers, b"content-type").partition(";")[0].strip().lower()
        if kind == "multipart/form-data" and scope["path"].endswith(FILES):
            return
        if kind not in {"application/json", "application/geo+json"}:
            raise UnsupportedMedia("Stuur de gegevens als application/json.")


@lru_cache(maxsize=256)
def accepts_json(accept: str) -> bool:
    """Whether the Accept header lets us answer with JSON (RFC 9110, 12.5.1); empty takes all."""
    ranges = [part.strip().lower().split(";") for part in accept.split(",") if part.strip()]
    wanted = [kind.strip() for kind, *options in ranges if not _is_refused(options)]
    readable = {"*/*", "application/*", *READABLE}
    return not ranges or any(kind in readable for kind in wanted)


def _is_refused(options: list[str]) -> bool:
    weights = (option.strip().removeprefix("q=") for option in options if "q=" in option)
    return any(weight.replace(".", "").strip("0") == "" for weight in weights)


def _has_body(headers: Raw) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def _is_below(scope: Scope, prefix: str | None) -> bool:
    """Under a mount that has its own middleware."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return prefix is not None and path.startswith(prefix)


@lru_cache(maxsize=4096)
def _figures(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(service, method, route, status), DURATION.labels(service, route)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _text(headers: Raw, name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")

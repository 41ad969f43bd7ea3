"""HTTP as the web process speaks it: a client that does not send its head in time is hung up on.

Uvicorn ends a connection that is idle after an answer (`timeout_keep_alive`), and no other. The
callbacks are those of httptools, which uvicorn's protocol implements.
"""

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class InTimeProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers take longer than `head_seconds`.

    One timer per connection looks now and then, so that a request costs nothing but a note of when
    it began.
    """

    head_seconds = 20.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_began: float | None = None
        self._look: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_began = self.loop.time()
        self._look = self.loop.call_later(self.head_seconds, self._require_head)

    def on_message_begin(self) -> None:
        if self._head_began is None:
            self._head_began = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_began = None
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _require_head(self) -> None:
        now = self.loop.time()
        if self._head_began is None and (self.cycle is None or self.cycle.response_complete):
            # Empty lines begin no request, and yet end the time that uvicorn waits for one.
            self._head_began = now
        waited = 0.0 if self._head_began is None else now - self._head_began
        if waited >= self.head_seconds:
            self.transport.close()
            return
        self._look = self.loop.call_later(self.head_seconds - waited, self._require_head)


def within(seconds: float) -> type[InTimeProtocol]:
    """The protocol with this limit; uvicorn takes a class."""
    return type("InTimeProtocol", (InTimeProtocol,), {"head_seconds": seconds})

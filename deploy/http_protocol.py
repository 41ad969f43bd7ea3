"""HTTP as the web process speaks it: who sends its head too slowly or endlessly is hung up on.

Uvicorn ends a connection that is idle after an answer (`timeout_keep_alive`), and no other. The
callbacks are those of httptools, which uvicorn's protocol implements.
"""

from asyncio import TimerHandle, Transport
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Of a request line and headers, and of trailers; a gateway passes on less than half of it. The
# parser copies what it has with every piece that comes: one endless header would keep us busy.
HEAD_BYTES: Final = 65_536
TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class InTimeProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers take longer than `head_seconds`.

    So it does when they do not end within HEAD_BYTES.

    One timer per connection looks now and then, so that a request costs nothing but a note of when
    it began.
    """

    head_seconds = 20.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_began: float | None = None
        self._look: TimerHandle | None = None
        # Bytes since something of a request was whole.
        self._unended = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_began = self.loop.time()
        self._look = self.loop.call_later(self.head_seconds, self._require_head)

    def on_message_begin(self) -> None:
        if self._head_began is None:
            self._head_began = self.loop.time()
        super().on_message_begin()

    def data_received(self, data: bytes) -> None:
        self._unended += len(data)
        super().data_received(data)
        if self._unended > HEAD_BYTES and not self.transport.is_closing():
            if self._head_began is not None:
                self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_body(self, body: bytes) -> None:
        self._unended = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unended = 0
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        self._head_began = None
        self._unended = 0
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

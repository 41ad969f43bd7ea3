"""A TCP proxy on this machine whose connections can be cut, refused or stalled."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Final, cast

# Closing with this sends a reset: whatever was on its way is gone.
_RESET: Final = struct.pack("ii", 1, 0)


class TcpProxy:
    """Forwards every connection to one port of 127.0.0.1, until told to do harm."""

    def __init__(self) -> None:
        self.target = 0
        self.refusing = False
        self._stalled = False
        self._server: asyncio.Server | None = None
        self._ends: set[_End] = set()
        self._connecting: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Where it listens, once started."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accepted, "127.0.0.1", 0)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)

    def cut(self) -> int:
        """Reset all connections; gives how many there were."""
        count = len(self._ends)
        for end in list(self._ends):
            end.reset()
        return count

    def stall(self) -> None:
        """From now on nothing comes through, and nobody is told."""
        self._stalled = True
        for end in self._ends:
            end.hold()

    def resume(self) -> None:
        """What waited goes through."""
        self._stalled = False
        for end in list(self._ends):
            end.release()

    def _accepted(self) -> asyncio.Protocol:
        return _End(self._join)

    def _join(self, client: "_End") -> None:
        if self.refusing:
            client.reset()
            return
        task = asyncio.get_running_loop().create_task(self._connect(client))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, client: "_End") -> None:
        loop = asyncio.get_running_loop()
        try:
            _, server = await loop.create_connection(lambda: _End(None), "127.0.0.1", self.target)
        except OSError:
            client.reset()
            return
        client.other, server.other = server, client
        for end in (client, server):
            self._ends.add(end)
            end.on_lost = self._ends.discard
            if end.transport.is_closing():
                end.reset()
            elif not self._stalled:
                end.release()


class _End(asyncio.Protocol):
    """One of the two connections of a pair."""

    transport: asyncio.Transport

    def __init__(self, joined: "Callable[[_End], None] | None") -> None:
        self._joined = joined
        self.other: _End | None = None
        self.on_lost: Callable[[_End], None] = lambda _: None
        self._held = True
        self._full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        # Not at once: older releases of Python 3.11 begin to read after this call, paused or not.
        asyncio.get_running_loop().call_soon(self._flow)
        if self._joined is not None:
            self._joined(self)

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        if self.other is not None and self.other.transport.can_write_eof():
            self.other.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.on_lost(self)
        if self.other is not None and not self.other.transport.is_closing():
            self.other.reset() if exc else self.other.transport.close()

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.full(True)

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.full(False)

    def reset(self) -> None:
        """End it, and its other end with it."""
        found: socket.socket | None = self.transport.get_extra_info("socket")
        if found is not None and not self.transport.is_closing():
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()
        if self.other is not None and not self.other.transport.is_closing():
            self.other.reset()

    def hold(self) -> None:
        self._held = True
        self._flow()

    def release(self) -> None:
        self._held = False
        self._flow()

    def full(self, yes: bool) -> None:
        """Whether the other end cannot take more for now."""
        self._full = yes
        self._flow()

    def _flow(self) -> None:
        if self.transport.is_closing():
            return
        if self._held or self._full:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

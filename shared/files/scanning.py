"""The port to a malware scanner, and a clamd that is asked over TCP.

clamd's protocol is one exchange (`zINSTREAM`): pieces with their length before them, then a line.
"""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Final, Protocol

TIMEOUT: Final = 60
_CLEAN: Final = b"stream: OK"
_FOUND: Final = b" FOUND"


class ScannerError(Exception):
    """No answer of the scanner, or one that says nothing about the file."""


class ScannerAwayError(ScannerError):
    """Nobody answers: asking for another file is of no use now."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner said: whether it looked, and the name of what it found."""

    looked: bool
    found: str | None = None


CLEAN: Final = Scan(looked=True)
NOT_SCANNED: Final = Scan(looked=False)


class Scanner(Protocol):
    """Looks for malware. Raises ScannerError when it cannot say."""

    async def scan(self, content: AsyncIterable[bytes]) -> Scan: ...


class NoScanner:
    """Where there is no scanner, files stay marked as not scanned."""

    async def scan(self, content: AsyncIterable[bytes]) -> Scan:
        """Nothing is known of the file."""
        return NOT_SCANNED


class ClamdScanner:
    """Asks a clamd."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def scan(self, content: AsyncIterable[bytes]) -> Scan:
        """Stream the file to it and read its verdict."""
        try:
            async with asyncio.timeout(TIMEOUT):
                reader, writer = await asyncio.open_connection(self._host, self._port)
        except (OSError, TimeoutError) as error:
            raise ScannerAwayError(f"clamd cannot be reached: {error}") from error
        try:
            return await self._ask(reader, writer, content)
        finally:
            writer.close()

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        content: AsyncIterable[bytes],
    ) -> Scan:
        try:
            writer.write(b"zINSTREAM\0")
            async for block in content:
                if not block:
                    continue
                writer.write(len(block).to_bytes(4) + block)
                async with asyncio.timeout(TIMEOUT):
                    await writer.drain()
            writer.write((0).to_bytes(4))
            async with asyncio.timeout(TIMEOUT):
                answer = await reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise ScannerError(f"clamd gave no answer: {error!r}") from error
        return understood(answer.rstrip(b"\0\n"))


def understood(answer: bytes) -> Scan:
    """The line of clamd as an outcome. Raises ScannerError for an error, such as its size limit."""
    if answer == _CLEAN:
        return CLEAN
    if answer.endswith(_FOUND):
        name = answer.removeprefix(b"stream: ").removesuffix(_FOUND)
        return Scan(looked=True, found=name.decode(errors="replace"))
    raise ScannerError(f"clamd says: {answer.decode(errors='replace')}")

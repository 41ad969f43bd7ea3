"""Has `inspection` take a file apart in a process of its own, and streams what comes out."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

import orjson
import structlog

from shared.files.storage import BLOCK

log = structlog.get_logger(__name__)

AT_ONCE: Final = 2
TIMEOUT: Final = 60
# The process gets no settings of the platform: they hold its keys.
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


class UnfitError(Exception):
    """The file cannot be accepted; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Inspected:
    """What the process found, and the bytes that follow."""

    def __init__(self, media_type: str, sizes: list[int], output: asyncio.StreamReader) -> None:
        self.media_type = media_type
        self.sizes = sizes
        self._output = output

    async def body(self, size: int) -> AsyncGenerator[bytes]:
        """The next so many bytes."""
        while size:
            block = await self._output.readexactly(min(size, BLOCK))
            size -= len(block)
            yield block


class Inspector:
    """Runs at most two at a time: each may use much memory."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def inspect(
        self, what: Literal["image", "archive"], content: AsyncIterable[bytes]
    ) -> AsyncIterator[Inspected]:
        """What the file is. Raises UnfitError."""
        async with self._turns, asyncio.timeout(TIMEOUT):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "shared.files.inspection", what),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
            try:
                yield await _found(process, content)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def _found(process: asyncio.subprocess.Process, content: AsyncIterable[bytes]) -> Inspected:
    assert process.stdin is not None
    assert process.stdout is not None
    # It may end before it read all: what it said, or that it said nothing, decides.
    with suppress(ConnectionError):
        async for block in content:
            process.stdin.write(block)
            await process.stdin.drain()
        process.stdin.close()
    line = await process.stdout.readline()
    if not line:
        code = await process.wait()
        log.warning("a file could not be taken apart", exit=code)
        raise UnfitError("onleesbaar")
    about = orjson.loads(line)
    if "refused" in about:
        raise UnfitError(about["refused"])
    return Inspected(about["media_type"], about.get("sizes", []), process.stdout)

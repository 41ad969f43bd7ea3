"""A session whose end the server announced, while nobody has closed the socket yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import asyncpg
import pytest

from shared.db.connections import is_connection_lost


@asynccontextmanager
async def _half_open(url: str) -> AsyncIterator[str]:
    """An address that passes everything on to the server, except that the server hung up."""
    parts = urlsplit(url)

    done = asyncio.Event()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(parts.hostname, parts.port)
        passing = asyncio.create_task(pipe(from_server, writer))
        await pipe(reader, to_server)
        to_server.close()
        await passing
        writer.close()
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    yield parts._replace(netloc=parts.netloc.rpartition(":")[0] + f":{port}").geturl()
    await done.wait()
    server.close()


async def test_an_announced_end_is_a_lost_connection(postgres_server: str) -> None:
    async with _half_open(postgres_server) as url:
        session = await asyncpg.connect(url, database="postgres")
        pid = await session.fetchval("SELECT pg_backend_pid()")
        other = await asyncpg.connect(postgres_server, database="postgres")
        assert await other.fetchval("SELECT pg_terminate_backend($1)", pid)
        await other.close()
        await asyncio.sleep(0.1)
        assert not session.is_closed()
        with pytest.raises(asyncpg.InternalClientError) as caught:
            await session.fetchval("SELECT 1")
        session.terminate()
    assert is_connection_lost(caught.value)

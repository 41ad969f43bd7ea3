"""The proxy carries bytes, and does the harm that it is told to do."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.tcp_proxy import TcpProxy

SECONDS = 5.0


@pytest.fixture
async def proxy() -> AsyncIterator[TcpProxy]:
    """A proxy before a server that says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = TcpProxy()
    proxy.target = server.sockets[0].getsockname()[1]
    await proxy.start()
    yield proxy
    await proxy.stop()
    server.close()
    await server.wait_closed()


async def _connected(proxy: TcpProxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def test_it_carries_more_than_fits_in_any_buffer(proxy: TcpProxy) -> None:
    reader, writer = await _connected(proxy)
    sent = bytes(range(256)) * 20_000
    writer.write(sent)
    async with asyncio.timeout(SECONDS):
        assert await reader.readexactly(len(sent)) == sent
    writer.close()
    await writer.wait_closed()


async def test_a_cut_connection_is_reset_and_a_new_one_can_be_made(proxy: TcpProxy) -> None:
    reader, writer = await _connected(proxy)
    writer.write(b"one")
    async with asyncio.timeout(SECONDS):
        assert await reader.readexactly(3) == b"one"
        assert proxy.cut() == 2
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        writer.close()
        reader, writer = await _connected(proxy)
        writer.write(b"two")
        assert await reader.readexactly(3) == b"two"
    writer.close()
    await writer.wait_closed()


async def test_a_proxy_that_refuses_lets_nobody_in(proxy: TcpProxy) -> None:
    proxy.refusing = True
    reader, writer = await _connected(proxy)
    async with asyncio.timeout(SECONDS):
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
    writer.close()


async def test_what_is_stalled_comes_later(proxy: TcpProxy) -> None:
    reader, writer = await _connected(proxy)
    writer.write(b"one")
    async with asyncio.timeout(SECONDS):
        assert await reader.readexactly(3) == b"one"
    proxy.stall()
    writer.write(b"two")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.readexactly(3)
    proxy.resume()
    async with asyncio.timeout(SECONDS):
        assert await reader.readexactly(3) == b"two"
    writer.close()
    await writer.wait_closed()

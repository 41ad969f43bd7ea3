"""The receiver in docs, run as a subscriber runs it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.db.database import Database
from shared.settings import Settings
from tests.integration.webhooks.conftest import publish
from tests.integration.webhooks.delivering import (
    KEY,
    TOKEN,
    Subscribe,
    delivering,
    log_of,
    receiver,
    subscribe,
)
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]

ROOT = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def running(printed: Path, key: str) -> AsyncIterator[str]:
    """The example on a port; gives its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    given = {**os.environ, "PYTHONPATH": str(ROOT), "VTH_TOKEN": TOKEN, "VTH_SLEUTEL": key}
    with printed.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "docs" / "voorbeeld-webhook.py"), str(port)),
            env=given,
            stdout=output,
            stderr=asyncio.subprocess.DEVNULL,
        )
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.wait()


async def test_it_takes_what_is_signed(
    risk: Database, subscribe: Subscribe, server_settings: Settings, tmp_path: Path
) -> None:
    printed = tmp_path / "printed.txt"
    async with running(printed, KEY) as url:
        await subscribe(callback_url=url)
        async with delivering(risk, server_settings):
            (location,) = await publish(risk)
            await until(lambda: str(location) in printed.read_text("utf-8"), 30)


async def test_it_refuses_what_is_signed_with_another_key(
    risk: Database, subscribe: Subscribe, server_settings: Settings, tmp_path: Path
) -> None:
    printed = tmp_path / "printed.txt"
    async with running(printed, "een-andere-sleutel-van-32-tekens-lang") as url:
        identity = await subscribe(callback_url=url)
        await publish(risk)
        async with delivering(risk, server_settings):

            async def refused() -> bool:
                return any(line["status"] == 401 for line in await log_of(risk, identity))

            await until(refused, 30)
    assert printed.read_text("utf-8") == ""

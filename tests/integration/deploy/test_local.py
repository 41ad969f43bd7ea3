"""`vth up`: everything with one command, and nothing left behind."""

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from deploy.postgres_folder import free_port
from shared.settings import SERVICES
from tests.support.waiting import until

READY = 120.0
pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads processes from /proc"),
]


@dataclass(slots=True)
class Running:
    """A started `vth up`, with what it has printed so far."""

    process: asyncio.subprocess.Process
    port: int
    output: bytearray

    def said(self, text: str) -> bool:
        return text in self.output.decode("utf-8", errors="replace")

    async def says(self, text: str) -> None:
        """Wait until it has printed the text; fails at once when it has ended."""
        await until(lambda: self.said(text) or self.process.returncode is not None, READY)
        assert self.said(text), self.output.decode()

    def children(self) -> dict[str, int]:
        """The processes it started, by what they do."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        pids = [pid for thread in threads for pid in (thread / "children").read_text().split()]
        return {_described(int(each)): int(each) for each in pids}

    async def stop(self) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            return await self.process.wait()


def _described(pid: int) -> str:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return "gone"
    found = re.search(r"(serve|worker) \w+", " ".join(arguments))
    return found.group() if found else Path(arguments[0]).name


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the account of PostgreSQL may enter."""
    folder = Path(tempfile.mkdtemp(prefix="vth-local-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def up(home: Path, port: int = 0) -> AsyncIterator[Running]:
    environment = {name: value for name, value in os.environ.items() if "VTH_" not in name}
    port = port or free_port(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", "up", "--no-demo", "--port", str(port)),
        env={**environment, "VTH_HOME": str(home), "COLUMNS": "120"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Running(process, port, bytearray())
    reading = asyncio.create_task(_read(process, running.output))
    try:
        yield running
    finally:
        await running.stop()
        await reading


async def _read(process: asyncio.subprocess.Process, into: bytearray) -> None:
    assert process.stdout is not None
    while chunk := await process.stdout.read(4096):
        into += chunk


async def answers(port: int, path: str) -> bool:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        try:
            return (await client.get(path)).is_success
        except httpx2.TransportError:
            return False


async def test_the_platform_comes_up_survives_and_goes_down(home: Path) -> None:
    async with up(home) as running:
        await running.says("VTH Platform draait")
        for path in ("/", *(f"/{name}/health/ready" for name in SERVICES)):
            assert await answers(running.port, path)
        children = running.children()
        workers = {f"worker {name}" for name in SERVICES}
        assert set(children) == {"postgres", "serve all", *workers}

        for name in ("serve all", f"worker {SERVICES[-1]}", "postgres"):
            os.kill(children[name], signal.SIGKILL)
        await until(lambda: running.children().keys() == children.keys(), READY)
        assert all(running.children()[name] != children[name] for name in ("postgres", "serve all"))
        await until(lambda: answers(running.port, "/intake/health/ready"), READY)

        started = running.children().values()
        secrets = (home / "secrets.json").read_text()
        assert await running.stop() == 0
        assert {_described(pid) for pid in started} == {"gone"}

    async with up(home) as again:
        await again.says("VTH Platform draait")
        assert (home / "secrets.json").read_text() == secrets


async def test_an_interrupt_during_the_set_up_leaves_nothing_behind(home: Path) -> None:
    for text in ("", "PostgreSQL starten", "Databases en tabellen bijwerken"):
        async with up(home) as running:
            await running.says(text)
            assert await running.stop() in {0, 130, -signal.SIGINT}
        assert not alive(home)


async def test_why_it_cannot_start_is_said(home: Path) -> None:
    async with up(home) as running:
        await running.says("VTH Platform draait")
        assert "bezet" in await refused(home / "other", running.port)
        assert "draait al" in await refused(home, free_port(0))


async def refused(home: Path, port: int) -> str:
    """What a second `vth up` says before it gives up."""
    async with up(home, port) as running:
        await until(lambda: running.process.returncode is not None, READY)
    assert running.process.returncode == 1
    return running.output.decode()


def alive(home: Path) -> bool:
    """Whether a PostgreSQL of this home still runs."""
    return (home / "postgres" / "data" / "postmaster.pid").exists()

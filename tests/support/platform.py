"""A whole platform as `make run` starts it, in a folder of its own, seen from outside."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
from pydantic import SecretStr

from deploy import databases
from deploy.home import Home
from deploy.postgres import EmbeddedPostgres
from deploy.postgres_folder import free_port
from shared.auth.issuer import BY_SUBJECT, issue
from shared.settings import SERVICES, Settings
from tests.support.sessions import signed_in

READY_SECONDS = 120
DEMO_SECONDS = 400


@dataclass(slots=True)
class Platform:
    """A running platform."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    demo_seconds: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return (self.home.parent / "output.txt").read_text("utf-8", errors="replace")

    @property
    def settings(self) -> Settings:
        """The settings that its processes have."""
        environment = Home(self.home).environment()
        values = {name.removeprefix("VTH_").lower(): value for name, value in environment.items()}
        return Settings(environment="local", **values)  # type: ignore[arg-type]

    def ready(self) -> bool:
        """Whether the web process answers, and its databases do."""
        try:
            answers = [
                httpx2.get(f"{self.url}/{service}/health/ready", timeout=2).status_code
                for service in SERVICES
            ]
        except httpx2.HTTPError:
            return False
        return answers == [200] * len(SERVICES)

    def works(self) -> bool:
        """Whether every worker has started."""
        logs = [self.home / "log" / f"worker-{name}.log" for name in SERVICES]
        return all(log.exists() and "worker started" in log.read_text("utf-8") for log in logs)

    def token(self, user: str) -> str:
        """A token of an example user."""
        return issue(self.settings, BY_SUBJECT[user])

    def session(self, user: str) -> str:
        """The cookie of an example user who signed in."""
        return signed_in(self.url, user)

    def says(self, text: str) -> None:
        """Wait until it has printed the text. Raises AssertionError when it ends before that."""
        deadline = time.monotonic() + READY_SECONDS
        while text not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.02)

    def loads(self) -> None:
        """Wait until our modules load. Raises AssertionError when it ends before that.

        Python's own start-up, before our first line, may ignore an interrupt or print where it was.
        """
        maps = Path(f"/proc/{self.process.pid}/maps")
        while "pydantic_core" not in maps.read_text():
            assert self.process.poll() is None, self.output
            time.sleep(0.001)

    def interrupt(self) -> int:
        """Ctrl-C, and wait for the end; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def pids(self) -> dict[str, int]:
        """The processes of the platform by what they do, such as `worker intake` or `serve all`."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return {_name(pid): pid for task in tasks for pid in _children(task)}


def _children(task: Path) -> list[int]:
    try:
        return [int(pid) for pid in (task / "children").read_text().split()]
    except OSError:
        return []  # the thread ended since it was listed


def _name(pid: int) -> str:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return "gone"
    found = re.search(r"(serve|worker) \w+|demo$", " ".join(arguments))
    return found.group() if found else Path(arguments[0]).name


@contextmanager
def launched(
    folder: Path, *arguments: str, port: int = 0, also: Mapping[str, str] | None = None
) -> Iterator[Platform]:
    """Start `vth up` without waiting for anything; stop it as Ctrl-C does.

    `also` holds settings of its own: none of the tests' settings reach it.
    """
    _heed_interrupts()
    home, port = folder / "home", port or free_port(0)
    environment = {name: value for name, value in os.environ.items() if "VTH_" not in name}
    environment |= also or {}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.cli", "up", "--port", str(port), *arguments],
            env={**environment, "VTH_HOME": str(home), "COLUMNS": "120"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    platform = Platform(home, port, process)
    try:
        yield platform
    finally:
        platform.interrupt()


def _heed_interrupts() -> None:
    """What a script starts in the background ignores interrupts, and so would what we start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def running_platform(
    folder: Path, *, demo: bool = False, also: Mapping[str, str] | None = None
) -> Iterator[Platform]:
    """Start it, wait until it answers (and the example data are in), stop it at the end."""
    with launched(folder, *(() if demo else ("--no-demo",)), also=also) as platform:
        _until_ready(platform)
        if demo:
            _until_loaded(platform)
        else:
            # The example agency without its example data: its participants, key and mandates.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, _example_agency(platform)).result()
        yield platform


async def _example_agency(platform: Platform) -> None:
    """Put it in, and wait until every service was told who takes part."""
    server = EmbeddedPostgres(platform.home / "postgres").url
    settings = platform.settings.model_copy(update={"database_url": SecretStr(server)})
    for name in SERVICES:
        await databases.seed(name, settings.database_for(name), examples=True)
    wanted = await _participants(settings, "reporting")
    for name in SERVICES:
        deadline = time.monotonic() + READY_SECONDS
        while await _participants(settings, name) < wanted:
            assert time.monotonic() < deadline, f"{name} was not told who takes part"
            await asyncio.sleep(0.2)


async def _participants(settings: Settings, name: str) -> int:
    connection = await asyncpg.connect(settings.database_for(name))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM participant"))
    finally:
        await connection.close()


def _until_ready(platform: Platform) -> None:
    for _ in range(READY_SECONDS * 5):
        if platform.process.poll() is not None:
            raise RuntimeError(platform.output)
        if platform.ready() and platform.works():
            return
        time.sleep(0.2)
    raise TimeoutError(platform.output)


def _until_loaded(platform: Platform) -> None:
    start = time.perf_counter()
    while not Home(platform.home).demo_done.exists():
        late = time.perf_counter() - start > DEMO_SECONDS
        if late or platform.process.poll() is not None or "niet volledig" in platform.output:
            raise RuntimeError(platform.output)
        time.sleep(0.1)
    platform.demo_seconds = time.perf_counter() - start

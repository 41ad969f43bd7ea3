"""The whole platform on one machine with one command: the embedded default."""

import asyncio
import os
import signal
import socket
import time
from collections import ChainMap
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import asyncpg
import httpx
from pydantic import SecretStr
from rich.console import Console
from rich.panel import Panel

from deploy import databases, keys, services, topics
from deploy.home import Home
from deploy.operator_errors import OperatorError
from deploy.postgres import EmbeddedPostgres, PostgresError
from deploy.postgres_folder import FolderInUseError, FolderLock
from deploy.supervisor import SUPERVISED, Command, Supervisor, vth
from shared.settings import SERVICES, Settings

READY_WITHIN = 120.0

T = TypeVar("T")


class CannotStartError(OperatorError):
    """Why the platform does not start, in words for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Options:
    home: Home
    host: str
    port: int
    demo: bool

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 - not bound here
        return f"http://{host}:{self.port}"


class PostgresChild:
    """The embedded PostgreSQL as a supervised child."""

    name = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    async def start(self) -> None:
        try:
            await finished(asyncio.to_thread(self._server.start))
        except asyncio.CancelledError:
            await self.stop()
            raise

    async def ended(self) -> int:
        while self._server.running:  # noqa: ASYNC110 - a process sets no asyncio.Event
            await asyncio.sleep(0.1)
        return -1

    async def stop(self) -> None:
        await finished(asyncio.to_thread(self._server.stop))

    def kill(self) -> None:
        """Nothing: its fast stop is as quick, and leaves the data whole."""


@dataclass(slots=True)
class LocalPlatform:
    """Sets up, starts and watches everything; `interrupt` ends it from a signal."""

    options: Options
    console: Console
    _lock: FolderLock = field(init=False)
    _server: Supervisor = field(init=False)
    _processes: Supervisor = field(init=False)
    _web: Command | None = None
    _demo: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._lock = self.options.home.lock
        self._server = Supervisor(self._report)
        self._processes = Supervisor(self._report)

    async def run(self) -> None:
        """Run until interrupted. Raises CannotStartError."""
        loop = asyncio.get_running_loop()
        for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(request, self.interrupt)
        self._task = asyncio.create_task(self._live())
        try:
            await self._task
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        finally:
            self._stopping = True
            await self._stop()

    def interrupt(self) -> None:
        """End in good order; asked a second time, end at once."""
        if self._stopping:
            self._processes.kill()
        elif self._task is not None:
            self._stopping = True
            self._task.cancel()

    async def _live(self) -> None:
        self._require_alone()
        environment = self._environment()
        os.environ.update(environment)
        self._web = self._command("web", environment, "serve", "all", *self._address())
        await self._web.prepare()
        await self._migrate(await self._start_postgres(environment))
        with self._step("Diensten starten"):
            await self._processes.start(self._web)
            await self._answers()
            # Later than what somebody waits for: their events wait in the outbox meanwhile.
            for name in SERVICES:
                worker = self._command(f"worker-{name}", _for(name, environment), "worker", name)
                await self._processes.start(worker)
        self._welcome()
        await self._load_demo(environment)
        await asyncio.Event().wait()

    def _require_alone(self) -> None:
        try:
            self._lock.acquire()
        except FolderInUseError as error:
            raise CannotStartError(str(error)) from error
        _require_free(self.options.host, self.options.port)

    def _environment(self) -> dict[str, str]:
        given = {"VTH_PUBLIC_URL": self.options.url, "VTH_LOG_FORMAT": "json"}
        given |= self.options.home.environment()
        return {name: value for name, value in given.items() if name not in os.environ}

    async def _start_postgres(self, environment: dict[str, str]) -> Settings:
        """Start PostgreSQL unless one is named; the settings returned may create databases."""
        if os.environ.get("VTH_DATABASE_URL"):
            return Settings()
        server = EmbeddedPostgres(self.options.home.postgres, with_password=True)
        with self._step("PostgreSQL starten"):
            try:
                loading = asyncio.to_thread(services.load_tables)
                await asyncio.gather(self._server.start(PostgresChild(server)), loading)
            except (PostgresError, FolderInUseError) as error:
                raise CannotStartError(str(error)) from error
        # The services know their own roles; only this process may do everything.
        environment["VTH_DATABASE_URL"] = f"postgresql://127.0.0.1:{server.port}"
        return Settings(database_url=SecretStr(server.url))

    async def _migrate(self, settings: Settings) -> None:
        with self._step("Databases en tabellen bijwerken"):
            try:
                await databases.create(settings)
            except (OSError, asyncpg.PostgresError) as error:
                raise CannotStartError(f"De databaseserver weigert: {error}") from error
            try:
                await topics.create(settings)
            except topics.NoTopicsError as error:
                raise CannotStartError(str(error)) from error
            examples = self.options.demo and settings.environment != "production"
            await finished(asyncio.to_thread(databases.migrate, settings, examples=examples))
            await keys.move_webhooks(settings, SERVICES)

    def _address(self) -> tuple[str, ...]:
        return ("--host", self.options.host, "--port", str(self.options.port))

    def _command(self, name: str, environment: Mapping[str, str], *arguments: str) -> Command:
        return Command(name, vth(*arguments), environment, self.options.home.logs)

    async def _answers(self) -> None:
        """Wait until every service is ready. Raises CannotStartError when it takes too long."""
        deadline = time.monotonic() + READY_WITHIN
        async with httpx.AsyncClient(base_url=self.options.url, timeout=5) as client:
            for name in SERVICES:
                while not await _is_ready(client, f"/{name}/health/ready"):
                    if time.monotonic() > deadline:
                        logs = self.options.home.logs
                        raise CannotStartError(f"{name} antwoordt niet; zie {logs}/web.log")
                    await asyncio.sleep(0.1)

    @property
    def _loads_demo(self) -> bool:
        return self.options.demo and not self.options.home.demo_done.exists()

    def _welcome(self) -> None:
        lines: tuple[str, ...] = (
            f"[bold]{self.options.url}[/bold]",
            f"Inloggen als voorbeeldgebruiker: {self.options.url}/inloggen",
            f"Logboeken: {self.options.home.logs}",
            "Stoppen: Ctrl-C",
        )
        if self._loads_demo:
            lines += ("Voorbeeldgegevens worden nu geladen; tot dan zijn lijsten niet compleet.",)
        self.console.print(Panel("\n".join(lines), title="VTH Platform draait", expand=False))

    async def _load_demo(self, environment: Mapping[str, str]) -> None:
        """The first time: load the example data in a process of its own, with its own progress."""
        if not self._loads_demo:
            return
        self._demo = await asyncio.create_subprocess_exec(
            *vth("demo"),
            env={**os.environ, **environment, SUPERVISED: str(os.getpid())},
            start_new_session=True,
        )
        code = await self._demo.wait()
        if code:
            self._report("demo", "bij de volgende start wordt het opnieuw geprobeerd")
        else:
            self.options.home.demo_done.touch()

    async def _stop(self) -> None:
        with self._step("Stoppen"):
            if self._demo is not None and self._demo.returncode is None:
                with suppress(ProcessLookupError):
                    self._demo.terminate()
                await self._demo.wait()
            await self._processes.stop()
            if self._web is not None:
                await self._web.stop()
            await self._server.stop()

    @contextmanager
    def _step(self, text: str) -> Iterator[None]:
        since = time.monotonic()
        with self.console.status(f"{text}…"):
            yield
        self.console.print(f"[green]✓[/green] {text} [dim]{time.monotonic() - since:.1f} s[/dim]")

    def _report(self, name: str, message: str) -> None:
        self.console.print(f"[yellow]{name}[/yellow] {message}", highlight=False)


def _for(service: str, environment: dict[str, str]) -> Mapping[str, str]:
    """What a worker is told: not the passwords of others, and of all only intake the melder key."""
    others = {
        f"VTH_DATABASE_PASSWORD_{name.upper()}": ""
        for name in (*SERVICES, "sessions")
        if name != service
    }
    keys = {} if service == "intake" else {"VTH_MASTER_KEY": "", "VTH_MASTER_KEY_PREVIOUS": ""}
    return ChainMap({**others, **keys}, environment)


async def finished(work: Awaitable[T]) -> T:
    """Await work that cannot be broken off half-way; a cancellation waits until it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _is_ready(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path)).is_success
    except httpx.TransportError:
        return False


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(
                f"Poort {port} is bezet. Kies een andere: PORT={port + 80} make run"
            ) from error

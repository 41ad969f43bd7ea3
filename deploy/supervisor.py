"""Keeps processes alive: starts them, restarts what dies, stops all of them in good order."""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread
from typing import Protocol

STOP_PATIENCE = 25.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_AFTER = 20.0
LOG_BYTES = 10_000_000
SUPERVISED = "VTH_SUPERVISED"
HELD = "VTH_HELD"

Report = Callable[[str, str], None]


class Child(Protocol):
    """Something that runs beside us and may die."""

    @property
    def name(self) -> str: ...
    async def start(self) -> None: ...
    async def ended(self) -> int:
        """Wait for the end and return the exit code."""
        ...

    async def stop(self) -> None: ...
    def kill(self) -> None: ...


class Command:
    """A child that is a command; its lines go to a log file of its own.

    The environment is read when it starts, so that it may be completed until then.
    """

    def __init__(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str], logs: Path
    ) -> None:
        self._name = name
        self._arguments = arguments
        self._environment = environment
        self._log = _log_file(logs / f"{name}.log", name)
        self._process: asyncio.subprocess.Process | None = None
        self._copying: asyncio.Task[None] | None = None
        self._held: asyncio.StreamWriter | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def prepare(self) -> None:
        """Start it ahead: it loads its code and waits, in `await_release`, for `start`."""
        await self._spawn(held=True)

    async def start(self) -> None:
        """Start it; when it was prepared it goes on."""
        held, self._held = self._held, None
        if held is None:
            await self._spawn(held=False)
            return
        # Should it have died meanwhile, then whoever watches it starts it again.
        with suppress(ConnectionError):
            held.write(json.dumps(dict(self._environment)).encode())
            await held.drain()
        held.close()

    async def _spawn(self, *, held: bool) -> None:
        ours = {SUPERVISED: str(os.getpid())} | ({HELD: "1"} if held else {})
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=asyncio.subprocess.PIPE if held else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self._environment, **ours},
            # A Ctrl-C on the terminal is for the supervisor, which stops its children in order.
            start_new_session=True,
        )
        self._held = process.stdin
        if process.stdout is not None:
            self._copying = asyncio.create_task(self._copy(process.stdout))

    async def ended(self) -> int:
        if self._process is None:
            return 0
        code = await self._process.wait()
        if self._copying is not None:
            # A grandchild may hold the pipe open: what it says is not worth waiting for.
            await asyncio.wait([self._copying], timeout=1.0)
        return code

    async def stop(self) -> None:
        """Ask it to stop; after the patience it is killed."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self.ended()
        except TimeoutError:
            self.kill()
            await self.ended()
        for handler in self._log.handlers:
            handler.close()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, request: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(request)

    async def _copy(self, lines: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await lines.read(65_536):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                self._log.info(line.decode("utf-8", errors="replace").rstrip())
        if rest:
            self._log.info(rest.decode("utf-8", errors="replace"))


class Supervisor:
    """Watches children until `stop`; one that dies is started again, slower each time."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._children: dict[Child, asyncio.Task[None]] = {}

    async def start(self, child: Child) -> None:
        """Start a child and keep it alive. Raises what its first start raises."""
        await child.start()
        self._children[child] = asyncio.create_task(self._watch(child))

    async def stop(self) -> None:
        """Stop all children at the same time and wait until none is left."""
        for task in self._children.values():
            task.cancel()
        await asyncio.gather(*self._children.values(), return_exceptions=True)
        await asyncio.gather(*(child.stop() for child in self._children))
        self._children.clear()

    def kill(self) -> None:
        """End all children at once, for who does not want to wait."""
        for child in self._children:
            child.kill()

    async def _watch(self, child: Child) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            since = clock()
            code = await child.ended()
            if clock() - since > STEADY_AFTER:
                pause = FIRST_PAUSE
            self._report(child.name, f"gestopt (code {code}), opnieuw starten")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            await self._restart(child)

    async def _restart(self, child: Child) -> None:
        try:
            await child.start()
        except Exception as error:  # noqa: BLE001 - whatever keeps it down, it is tried again
            self._report(child.name, f"start niet: {error}")
        else:
            self._report(child.name, "draait weer")


def follow_parent(interval: float = 0.5) -> None:
    """In a supervised process: stop when the supervisor is gone, so that no orphan stays."""
    parent = os.environ.get(SUPERVISED)
    if parent:
        Thread(target=_follow, args=(int(parent), interval), daemon=True).start()


def await_release() -> None:
    """In a process that was started ahead: wait until it may go on, with these settings."""
    if os.environ.pop(HELD, ""):
        settings = sys.stdin.buffer.read()
        if not settings:
            sys.exit("the supervisor is gone")
        os.environ.update(json.loads(settings))


def _follow(parent: int, interval: float) -> None:
    while os.getppid() == parent:
        time.sleep(interval)
    os.kill(os.getpid(), signal.SIGTERM)


def vth(*arguments: str) -> list[str]:
    """The command line that runs `vth` with this Python."""
    return [sys.executable, "-m", "deploy.cli", *arguments]


def _log_file(path: Path, name: str) -> logging.Logger:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter(f"%(asctime)s {name} | %(message)s"))
    logger = logging.getLogger(f"vth.child.{path}")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers[:] = [handler]
    return logger

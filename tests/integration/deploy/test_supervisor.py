"""The supervisor: a killed child comes back, a stop is orderly, no orphan stays."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.supervisor import Command, Supervisor
from tests.support.waiting import until

POLITE = """
import signal, sys, time
def stop(*_):
    print("stopping", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("started", flush=True)
while True:
    time.sleep(0.05)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import asyncio, sys
from pathlib import Path
from deploy.supervisor import Command, Supervisor
CHILD = "import time, deploy.supervisor as s; s.follow_parent(0.1); time.sleep(60)"
async def main():
    child = Command("child", [sys.executable, "-c", CHILD], {}, Path(sys.argv[1]))
    await Supervisor(print).start(child)
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


HELD = """
import os
from deploy.supervisor import await_release
print("loaded", os.environ.get("WHERE"), flush=True)
await_release()
print("goes on", os.environ.get("WHERE"), flush=True)
"""


class Reports(list[tuple[str, str]]):
    def __call__(self, name: str, message: str) -> None:
        self.append((name, message))


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
async def supervisor(reports: Reports) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(reports)
    yield supervisor
    await supervisor.stop()


def polite(logs: Path) -> Command:
    return Command("polite", [sys.executable, "-c", POLITE], {}, logs)


async def said(log: Path, text: str, times: int = 1) -> None:
    await until(lambda: log.exists() and log.read_text().count(text) >= times)


async def test_a_killed_child_is_started_again(
    supervisor: Supervisor, reports: Reports, tmp_path: Path
) -> None:
    child = polite(tmp_path)
    await supervisor.start(child)
    await said(tmp_path / "polite.log", "started")
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await said(tmp_path / "polite.log", "started", times=2)
    assert child.pid != first
    assert reports == [
        ("polite", "gestopt (code -9), opnieuw starten"),
        ("polite", "draait weer"),
    ]


async def test_a_child_that_was_prepared_goes_on_with_what_is_known_by_then(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    child = Command("held", [sys.executable, "-c", HELD], environment, tmp_path)
    await child.prepare()
    await said(tmp_path / "held.log", "loaded None")
    environment["WHERE"] = "here"
    await child.start()
    await said(tmp_path / "held.log", "goes on here")
    assert await child.ended() == 0
    await child.start()
    await said(tmp_path / "held.log", "loaded here")
    await said(tmp_path / "held.log", "goes on here", times=2)
    await child.stop()


async def test_a_prepared_child_stops_without_having_started(tmp_path: Path) -> None:
    child = Command("held", [sys.executable, "-c", HELD], {}, tmp_path)
    await child.prepare()
    await said(tmp_path / "held.log", "loaded")
    await child.stop()
    assert await child.ended() != 0
    assert "goes on" not in (tmp_path / "held.log").read_text()


async def test_stopping_lets_a_child_finish_its_work(tmp_path: Path, reports: Reports) -> None:
    supervisor = Supervisor(reports)
    await supervisor.start(polite(tmp_path))
    await said(tmp_path / "polite.log", "started")
    await supervisor.stop()
    assert "polite | stopping" in (tmp_path / "polite.log").read_text()
    assert reports == []


async def test_a_child_that_does_not_listen_is_killed(
    tmp_path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.supervisor.STOP_PATIENCE", 0.3)
    child = Command("stubborn", [sys.executable, "-c", STUBBORN], {}, tmp_path)
    supervisor = Supervisor(reports)
    await supervisor.start(child)
    await said(tmp_path / "stubborn.log", "up")
    await supervisor.stop()
    assert await child.ended() == -signal.SIGKILL


async def test_a_child_that_keeps_dying_is_tried_ever_more_slowly(
    supervisor: Supervisor, reports: Reports, tmp_path: Path
) -> None:
    child = Command("dying", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path)
    await supervisor.start(child)
    await asyncio.sleep(1.5)
    stops = [message for _, message in reports if message.startswith("gestopt (code 3)")]
    assert 2 <= len(stops) <= 4


async def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    await until(lambda: not running(child))


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()

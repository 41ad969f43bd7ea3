"""The chain on a whole platform: over HTTP, and while processes die under it."""

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import kill
from pathlib import Path

import pytest

from shared.clock import SystemClock, local_date
from tests.e2e.chain import Chain
from tests.support.platform import Platform, running_platform

KILLS = 20
SEED = 20261124
pytestmark = [pytest.mark.timeout(1800), pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
def platform(server_folder: Path) -> Iterator[Platform]:
    folder = server_folder / "chain"
    folder.mkdir(mode=0o755)
    with running_platform(folder) as running:
        yield running


def chain_on(platform: Platform) -> Chain:
    return Chain(platform.url, platform.token, local_date(SystemClock().now()))


def test_from_complaint_to_settlement(platform: Platform) -> None:
    chain = chain_on(platform)
    chain.walk()
    mails = [path.read_text("utf-8") for path in (platform.home / "post").rglob("*.eml")]
    assert any(chain.made["number"] in mail for mail in mails)


def test_a_violation_that_has_ended_closes_the_case(platform: Platform) -> None:
    chain = chain_on(platform)
    chain.walk(resolved=True)


def test_killing_any_process_at_any_moment_loses_and_doubles_nothing(platform: Platform) -> None:
    with killer(platform) as kills:
        walks = 0
        while len(kills) < KILLS:
            chain = chain_on(platform)
            chain.walk()
            walks += 1
            assert chain.counted() == 1
            assert len(chain.made["inspections"]) == 1
    print(f"{walks} walks of the chain under {len(kills)} kills: {sorted(set(kills))}")
    assert {name.split()[0] for name in kills} >= {"worker", "serve"}


@contextmanager
def killer(platform: Platform) -> Iterator[list[str]]:
    """Kills a random process at random moments, each time once the last one is back."""
    random_ = random.Random(SEED)
    names = set(platform.pids())
    kills: list[str] = []
    done = threading.Event()

    def run() -> None:
        while not done.wait(random_.uniform(0.2, 3.0)):
            name, pid = random_.choice(sorted(platform.pids().items()))
            with suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)
                kills.append(name)
            while not done.wait(0.2) and not (names <= set(platform.pids()) and platform.ready()):
                pass

    thread = threading.Thread(target=run, name="killer", daemon=True)
    thread.start()
    try:
        yield kills
    finally:
        done.set()
        thread.join(30)

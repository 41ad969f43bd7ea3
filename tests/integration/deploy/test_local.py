"""`vth up`: everything with one command, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.postgres_folder import free_port
from shared.contracts.registry import topics_for
from shared.settings import SERVICES
from tests.support.platform import Platform, launched, running_platform
from tests.support.waiting import until

SECONDS = 120.0
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("platform"),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads processes from /proc"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account of PostgreSQL may enter."""
    made = Path(tempfile.mkdtemp(prefix="vth-local-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def test_the_platform_comes_up_survives_and_goes_down(folder: Path) -> None:
    with running_platform(folder) as platform:
        started = platform.pids()
        assert set(started) == {"postgres", "serve all", *(f"worker {name}" for name in SERVICES)}
        assert reset(platform.home).returncode == 1

        for name in ("serve all", "worker risk", "postgres"):
            os.kill(started[name], signal.SIGKILL)
        await until(lambda: back_again(platform, started), SECONDS)
        await until(platform.ready, SECONDS)

        last, secrets = platform.pids(), (platform.home / "secrets.json").read_text()
        assert platform.interrupt() == 0
        assert not [name for name, pid in last.items() if alive(pid)]

    with running_platform(folder) as again:
        assert (again.home / "secrets.json").read_text() == secrets
    assert reset(again.home).returncode == 0
    assert not again.home.exists()


def back_again(platform: Platform, before: dict[str, int]) -> bool:
    now = platform.pids()
    killed = ("serve all", "worker risk", "postgres")
    return now.keys() == before.keys() and all(now[name] != before[name] for name in killed)


def test_an_interrupt_while_it_loads_ends_it(folder: Path) -> None:
    with launched(folder, "--no-demo") as platform:
        platform.loads()
        assert platform.interrupt() in {0, 130, -signal.SIGINT}
    assert not platform.home.exists()


@pytest.mark.parametrize("moment", ["PostgreSQL starten", "Databases en tabellen bijwerken"])
def test_an_interrupt_during_the_set_up_leaves_nothing_behind(folder: Path, moment: str) -> None:
    with launched(folder, "--no-demo") as platform:
        platform.says(moment)
        assert platform.interrupt() in {0, 130, -signal.SIGINT}
    assert not (platform.home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_closed_terminal_ends_everything(folder: Path) -> None:
    with running_platform(folder) as platform:
        last = platform.pids()
        platform.process.send_signal(signal.SIGHUP)
        assert platform.process.wait(SECONDS) == 0
        assert not [name for name, pid in last.items() if alive(pid)]


async def test_the_example_data_stop_when_the_platform_is_killed(folder: Path) -> None:
    with launched(folder) as platform:
        await until(lambda: "demo" in platform.pids(), SECONDS)
        children = platform.pids()
        platform.process.kill()
        # PostgreSQL stays, with its data whole, until the next start takes it over.
        ours = [pid for name, pid in children.items() if name != "postgres"]
        await until(lambda: not any(map(alive, ours)), SECONDS)
    with running_platform(folder) as again:
        assert not alive(children["postgres"])
        assert again.pids()


async def test_on_kafka_it_makes_the_topics_itself(folder: Path, kafka_bootstrap: str) -> None:
    kafka = {"VTH_TRANSPORT": "kafka", "VTH_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap}
    with running_platform(folder, also=kafka):
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
        await admin.start()
        try:
            assert set(topics_for(SERVICES)) <= set(await admin.list_topics())
        finally:
            await admin.close()


def test_a_broker_that_is_not_there_is_named(folder: Path) -> None:
    nowhere = f"127.0.0.1:{free_port(0)}"
    kafka = {"VTH_TRANSPORT": "kafka", "VTH_KAFKA_BOOTSTRAP_SERVERS": nowhere}
    with launched(folder, "--no-demo", also=kafka) as platform:
        assert platform.process.wait(SECONDS) == 1
    assert f"Kafka op {nowhere}" in platform.output
    assert "Traceback" not in platform.output


def test_why_it_cannot_start_is_said(folder: Path) -> None:
    (folder / "other").mkdir()
    with running_platform(folder) as platform:
        with launched(folder / "other", "--no-demo", port=platform.port) as taken:
            assert taken.process.wait(SECONDS) == 1
        assert "bezet" in taken.output
        second = vth("up", "--no-demo", "--port", str(free_port(0)), home=platform.home)
        assert second.returncode == 1
        assert "draait al" in second.stderr


def reset(home: Path) -> "subprocess.CompletedProcess[str]":
    return vth("reset", "--yes", home=home)


def vth(*arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if "VTH_" not in name}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *arguments],
        env={**environment, "VTH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()

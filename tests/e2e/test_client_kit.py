"""The example in docs, run as another team runs it, against a running platform."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.support.platform import Platform, running_platform

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("client-kit")]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "voorbeeld-consument.py"
RECEIVED = "nl.vth.klachten.klacht-ontvangen"
COMPLAINT = {
    "categorie": "geluid",
    "omschrijving": "Een zware bromtoon",
    "kanaal": "webformulier",
    "geometrie": {"type": "Point", "coordinates": [6.8939, 52.2219]},
}


@contextmanager
def consuming(folder: Path, **environment: str) -> Iterator[Path]:
    """The example as it runs; gives the file with what it printed."""
    printed = folder / f"printed-{time.monotonic_ns()}.txt"
    given = {name: value for name, value in os.environ.items() if "VTH_" not in name}
    given |= {"VTH_PLACE": str(folder / "volgende.txt"), "PYTHONPATH": str(ROOT), **environment}
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(EXAMPLE)], env=given, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield printed
    finally:
        process.terminate()
        process.wait(20)


def complain(platform: Platform) -> str:
    """Send a complaint; gives its id."""
    headers = {"Authorization": f"Bearer {platform.token('klachten')}"}
    answer = httpx2.post(f"{platform.url}/intake/v1/klachten", json=COMPLAINT, headers=headers)
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["id"]
    return made


def says(printed: Path, *texts: str) -> list[str]:
    """Wait until it printed the texts; gives its lines. Raises TimeoutError."""
    deadline = time.monotonic() + 60
    while not all(text in printed.read_text("utf-8") for text in texts):
        if time.monotonic() > deadline:
            raise TimeoutError(printed.read_text("utf-8"))
        time.sleep(0.05)
    return printed.read_text("utf-8").splitlines()


def test_the_example_is_short() -> None:
    assert len(EXAMPLE.read_text("utf-8").splitlines()) <= 30


def test_it_follows_the_feed_and_goes_on_where_it_was(tmp_path: Path, server_folder: Path) -> None:
    folder = server_folder / "client-feed"
    folder.mkdir(mode=0o755)
    with running_platform(folder) as platform:
        reach = {"VTH_URL": platform.url, "VTH_TOKEN": platform.token("techniek")}
        first = complain(platform)
        with consuming(tmp_path, **reach) as printed:
            lines = says(printed, first)
            second = complain(platform)
            says(printed, second)
            assert RECEIVED in lines[0]
            assert "complaint_id=" in lines[0]
        place = tmp_path / "volgende.txt"
        deadline = time.monotonic() + 10
        while not place.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        third = complain(platform)
        with consuming(tmp_path, **reach) as printed:
            lines = says(printed, third)
        assert not any(first in line for line in lines)


def test_it_follows_kafka_and_the_feed_says_the_same(
    tmp_path: Path, server_folder: Path, kafka_bootstrap: str
) -> None:
    folder = server_folder / "client-kafka"
    folder.mkdir(mode=0o755)
    also = {"VTH_TRANSPORT": "kafka", "VTH_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap}
    with running_platform(folder, also=also) as platform:
        first = complain(platform)
        with consuming(tmp_path, VTH_KAFKA=kafka_bootstrap) as printed:
            says(printed, first)
            second = complain(platform)
            assert RECEIVED in says(printed, second)[-1]
        with consuming(
            tmp_path, VTH_URL=platform.url, VTH_TOKEN=platform.token("techniek")
        ) as feed:
            says(feed, first, second)

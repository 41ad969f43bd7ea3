"""Server time of the screens that people open all day, on the example data."""

import re
import time
from pathlib import Path

import httpx2

from tests.perf.figures import Figure, below
from tests.support.platform import running_platform

REQUESTS = 200


def measure(folder: Path) -> list[Figure]:
    """The location page and the work list, on a whole platform with its example data."""
    with running_platform(folder, demo=True) as platform:
        cookies = {"vth_sessie": platform.session("klachten")}
        with httpx2.Client(base_url=platform.url, cookies=cookies) as client:
            listed = client.get("/risk/locaties").raise_for_status().text
            places = re.findall(r"/risk/locaties/([0-9a-f-]{36})", listed)
            location = _times(client, [f"/risk/locaties/{place}" for place in places])
            work_list = _times(client, ["/intake/klachten"])
    return [
        below("location page, p95", location, 0.95, 50),
        below("work list, p95", work_list, 0.95, 50),
        Figure(
            "example data loaded", round(platform.demo_seconds, 1), "s", 60,
            round(platform.demo_seconds / 60, 2), "<= 60 s", platform.demo_seconds <= 60,
        ),
    ]  # fmt: skip


def _times(client: httpx2.Client, paths: list[str]) -> list[float]:
    found = []
    for turn in range(REQUESTS + 20):
        start = time.perf_counter()
        client.get(paths[turn % len(paths)]).raise_for_status()
        if turn >= 20:
            found.append((time.perf_counter() - start) * 1000)
    return found

"""Measures what was found: how long each takes, and how long it keeps the event loop."""

import time
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.perf.figures import percentile
from tests.scale.calls import Answer, Asker
from tests.scale.reading import SEARCH
from tests.scale.walking import Walk

ROUNDS: Final = 5
# A slow one is slow at the third time too.
ENOUGH_SECONDS: Final = 1.0
FEWEST: Final = 3
IDLE: Final = "/toegankelijkheid"
# How a file goes on is as how it began.
FILE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Timing:
    """What one thing costs, in ms: until its first bytes, and in all."""

    kind: str
    p50: float
    p95: float
    whole: float
    blocked: float
    size: int
    address: str
    # What a request that reads no table took at the same moments: how busy the machine was.
    idle: float = 1.0


async def measure(asker: Asker, walk: Walk) -> dict[str, Timing]:
    """The timing of everything the walk found, by its label."""
    return {name: await time_of(asker, address) for name, address in walk.addresses.items()}


async def time_of(asker: Asker, address: str) -> Timing:
    """Ask it until enough is known; the first time warms up."""
    answer = await asker.get(address, FILE_SECONDS)
    answers: list[Answer] = []
    idle: list[float] = []
    began = time.perf_counter()
    while len(answers) < ROUNDS:
        answers.append(await asker.get(address, FILE_SECONDS))
        idle.append((await asker.get(IDLE)).whole_ms)
        if len(answers) >= FEWEST and time.perf_counter() - began > ENOUGH_SECONDS:
            break
    kind = _kind(address, answer)
    # A file comes in pieces: it has to begin soon, and to let others go before.
    taken = [each.first_ms if kind == "export" else each.whole_ms for each in answers]
    return Timing(
        kind,
        round(median(taken), 1),
        round(percentile(taken, 0.95), 1),
        round(median(each.whole_ms for each in answers), 1),
        # What the request itself keeps it for, it keeps it for every time.
        round(min(each.blocked_ms for each in answers), 1),
        answers[-1].size,
        address,
        round(median(idle), 2),
    )


def _kind(address: str, answer: Answer) -> str:
    if "attachment" in answer.headers.get("content-disposition", ""):
        return "export"
    asked = address.partition("?")[2]
    return (
        "search" if any(part.partition("=")[0] in SEARCH for part in asked.split("&")) else "page"
    )

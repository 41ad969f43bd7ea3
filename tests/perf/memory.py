"""Memory of a relay and of a consumer over a million events, each in its own process.

The first events are a warm-up: code is loaded, connections and buffers get their size. From there
on the resident set may not grow by more than the goal.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg
import uvloop

from tests.perf.figures import Figure
from tests.perf.lab import COLUMNS, Servers, outbox_rows, pool_of, seed, servers

EVENTS: Final = int(os.environ.get("VTH_PERF_MEMORY_EVENTS", "1000000"))
WARM_UP: Final = 100_000
GOAL: Final = 50.0
LOOK_EVERY: Final = 0.25
PATIENCE: Final = 1200.0
# Every event once more under another id, as often as it takes.
_MORE: Final = f"""
INSERT INTO outbox ({COLUMNS})
SELECT uuidv7(), {COLUMNS.removeprefix("id, ")} FROM outbox, generate_series(1, $1)
"""
_FIRST_WAITING: Final = "SELECT min(seq) FROM outbox WHERE published_at IS NULL"


def measure(folder: Path) -> list[Figure]:
    """The growth of both: the consumer reads what the relay has sent."""
    with servers(folder, "intake", "risk") as made:
        return [
            _figure("relay", uvloop.run(_relay(made))),
            _figure("consumer", _consumer(made)),
        ]


def _figure(name: str, sizes: list[float]) -> Figure:
    first, highest = sizes[0], max(sizes)
    growth = highest - first
    return Figure(
        f"{name}, memory gained over {EVENTS:,} events", round(growth, 1), "MB",
        round(first, 1), None, f"<= {GOAL:g} MB above what it was after {WARM_UP:,} events",
        growth <= GOAL,
    )  # fmt: skip


async def _relay(made: Servers) -> list[float]:
    """What the relay occupies, from the end of the warm-up until the outbox is empty."""
    settings = made.settings("kafka")
    async with await pool_of(settings, "intake") as pool:
        await seed(pool, outbox_rows(settings, WARM_UP))
        session: asyncpg.Connection
        async with pool.acquire() as session, session.transaction():
            await session.execute("SET LOCAL transaction_timeout = 0")
            await session.execute(_MORE, EVENTS // WARM_UP, timeout=PATIENCE)
        await pool.execute("VACUUM ANALYZE outbox", timeout=PATIENCE)
        start = await pool.fetchval(_FIRST_WAITING)
        with _process(made, "deploy.cli", "relay", "intake") as process:
            sizes: list[float] = []
            async with asyncio.timeout(PATIENCE):
                while (waiting := await pool.fetchval(_FIRST_WAITING)) is not None:
                    if waiting >= start + WARM_UP:
                        sizes.append(_megabytes(process.pid))
                    await asyncio.sleep(LOOK_EVERY)
            return [*sizes, _megabytes(process.pid)]


def _consumer(made: Servers) -> list[float]:
    """What the consumer occupies, from the end of the warm-up until it has handled all."""
    sizes: list[float] = []
    with _process(made, "tests.perf.consuming", str(EVENTS + WARM_UP)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= WARM_UP:
                sizes.append(_megabytes(process.pid))
    if int(line) < EVENTS:
        raise AssertionError(f"the consumer stopped after {line.strip()} events")
    return sizes


@contextmanager
def _process(made: Servers, *module: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        env={**os.environ, **made.environment("kafka")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _megabytes(pid: int) -> float:
    """The resident set of a process. Raises OSError when it is gone."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

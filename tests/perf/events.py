"""From commit to visible effect in the next service, under a steady load, on both transports.

Real worker processes. Each event is committed when its turn comes, whether or not the ones before
it have arrived, and a reader asks the next service until it sees what the event brought.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from os import environ
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import uvloop

from services.intake.main import SPEC as INTAKE
from services.risk.main import SPEC as RISK
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from shared.messaging.notifier import Notifier
from shared.service import open_database
from tests.perf.figures import Figure, below
from tests.perf.lab import Servers, cpu_seconds, linked, servers

RATE: Final = 200
SECONDS: Final = 20
WARM_UP: Final = 5
LOOK_EVERY: Final = 0.001
PATIENCE: Final = 60.0
GOALS: Final = ((0.50, 15), (0.95, 50), (0.99, 150))
_SEEN: Final = "SELECT id FROM complaint WHERE id = ANY($1)"


def measure(folder: Path) -> list[Figure]:
    """Latencies on the log in PostgreSQL and on Kafka."""
    figures = []
    for transport in ("postgres", "kafka"):
        with (
            servers(folder / transport, "intake", "risk") as made,
            _workers(made, transport) as pids,
        ):
            latencies, cpu = uvloop.run(_latencies(made, transport, pids))
        name = f"event visible at {RATE}/s, {transport}"
        figures += [
            replace(below(f"{name}, p{share * 100:.0f}", latencies, share, limit), cpu=cpu)
            for share, limit in GOALS
        ]
    return figures


@contextmanager
def _workers(made: Servers, transport: str) -> Iterator[list[int]]:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "deploy.cli", "worker", name],
            env={**environ, **made.environment(transport)},
        )
        for name in ("intake", "risk")
    ]
    try:
        yield [worker.pid for worker in workers]
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)


async def _latencies(
    made: Servers, transport: str, pids: Sequence[int]
) -> tuple[list[float], float]:
    """Milliseconds from commit to sight, of every event after the warm-up.

    Also µs of CPU per event, of all workers together.
    """
    settings = made.settings(transport)
    intake = await open_database(INTAKE, settings)
    risk = await open_database(RISK, settings)
    try:
        async with Notifier(intake.pool) as notifier:
            intake.on_published = notifier.notify_soon
            watch = _Watch(intake, risk)
            await watch.commit()
            await watch.see(all_within=PATIENCE)
            start, used = time.perf_counter(), sum(map(cpu_seconds, pids))
            async with asyncio.TaskGroup() as group:
                seeing = group.create_task(watch.see(until=start + WARM_UP + SECONDS))
                for number in range(RATE * (WARM_UP + SECONDS)):
                    await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
                    group.create_task(watch.commit())
                await seeing
            await watch.see(all_within=PATIENCE)
            used = sum(map(cpu_seconds, pids)) - used
            cpu = round(used / (RATE * (WARM_UP + SECONDS)) * 1e6)
            return watch.latencies(since=start + WARM_UP), cpu
    finally:
        await intake.close()
        await risk.close()


class _Watch:
    """Commits events in one service and sees them in another."""

    def __init__(self, intake: Database, risk: Database) -> None:
        self._intake = intake
        self._risk = risk
        self._waiting: dict[UUID, float] = {}
        self._seen: list[tuple[float, float]] = []

    async def commit(self) -> None:
        event = linked(new_id())
        async with self._intake.work("test", sight=Sight.ALL) as work:
            work.publish(event)
        self._waiting[event.complaint_id] = time.perf_counter()

    async def see(self, *, until: float = 0.0, all_within: float = 0.0) -> None:
        """Look until this moment, or until there is nothing left. Raises TimeoutError."""
        deadline = time.perf_counter() + all_within
        session: asyncpg.Connection
        # Looking is to take little of the two processors that are measured: no layer of ours.
        async with self._risk.pool.acquire() as session:
            looking = await session.prepare(_SEEN)
            while time.perf_counter() < until or (all_within and self._waiting):
                if all_within and time.perf_counter() > deadline:
                    raise TimeoutError(f"{len(self._waiting)} events did not arrive")
                found = await looking.fetch(list(self._waiting))
                now = time.perf_counter()
                self._seen += [(self._waiting.pop(row["id"]), now) for row in found]
                await asyncio.sleep(LOOK_EVERY)

    def latencies(self, *, since: float) -> list[float]:
        """In milliseconds, of what was committed since."""
        return [(seen - at) * 1000 for at, seen in self._seen if at >= since]

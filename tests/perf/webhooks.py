"""From commit to delivery at a subscriber, and deliveries per second to one subscriber.

A real worker process delivers to a receiver in this one. The reference is a bare client in a
process of its own that posts the same documents one after another, without a log or a place.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from os import environ
from pathlib import Path
from typing import Final
from uuid import UUID

import uvloop

from services.intake.main import SPEC as INTAKE
from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from shared.messaging.notifier import Notifier
from shared.product.roles import Scope
from shared.service import open_database
from shared.settings import Settings
from shared.webhooks.handlers import Asked, subscribe
from tests.integration.webhooks.receiver import (
    Answering,
    Received,
    Receiver,
    receiving,
    willing,
)
from tests.perf.figures import Figure, below
from tests.perf.lab import Servers, linked, servers

SINGLE: Final = 300
PER_SECOND: Final = 25
BURST: Final = 2_000
PATIENCE: Final = 120.0
SECRET: Final = "een-geheim-van-de-afnemer-van-32-tekens"
CALLER: Final = Caller(
    "afnemer", "Afnemer", frozenset(), frozenset({Scope.EVENTS_READ}), frozenset({"*"})
)


def measure(folder: Path) -> list[Figure]:
    """Milliseconds from commit to delivery, and deliveries per second."""
    with servers(folder, "intake") as made:
        return uvloop.run(_measure(made))


async def _measure(made: Servers) -> list[Figure]:
    settings = made.settings("postgres")
    database = await open_database(INTAKE, settings)
    try:
        async with receiving() as receiver, Notifier(database.pool) as notifier:
            database.on_published = notifier.notify_soon
            stamps = _Stamps(receiver)
            await _subscribe(database, settings, receiver.url)
            async with _worker(made):
                single = await _one_by_one(database, stamps)
                rate = await _at_once(database, stamps)
            bare = await _bare(receiver)
    finally:
        await database.close()
    return [
        below("webhook delivered after commit, p50", single, 0.50, 50),
        below("webhook delivered after commit, p95", single, 0.95, 150),
        Figure(
            "webhook deliveries, one subscriber", round(rate), "per second",
            round(bare), round(rate / bare, 2), "for information", True,
        ),
    ]  # fmt: skip


@asynccontextmanager
async def _worker(made: Servers) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", "worker", "intake"),
        env={**environ, **made.environment("postgres")},
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


class _Stamps:
    """When each event came in, by its subject."""

    def __init__(self, receiver: Receiver) -> None:
        self.at: dict[UUID, float] = {}
        self._came = asyncio.Event()
        receiver.answers = self._take

    def _take(self, request: Received) -> Answering:
        if request.method == "POST":
            self.at.setdefault(UUID(request.event["subject"]), time.perf_counter())
            self._came.set()
        return willing(request)

    async def of(self, subjects: Sequence[UUID]) -> list[float]:
        """When these came in; waits until all have."""
        async with asyncio.timeout(PATIENCE):
            while not self.at.keys() >= set(subjects):
                self._came.clear()
                await self._came.wait()
        return [self.at[subject] for subject in subjects]


async def _subscribe(database: Database, settings: Settings, url: str) -> None:
    asked = Asked(
        name="Meting", callback_url=url, token=SECRET, signing_key=SECRET,
        types=None, sight=Sight.ALL, after=0,
    )  # fmt: skip
    async with database.work("test", sight=Sight.ALL) as work:
        await subscribe(work, CALLER, asked, settings, "intake")


async def _commit(database: Database, count: int) -> list[UUID]:
    events = [linked(new_id()) for _ in range(count)]
    async with database.work("test", sight=Sight.ALL) as work:
        for event in events:
            work.publish(event)
    return [event.complaint_id for event in events]


async def _one_by_one(database: Database, stamps: _Stamps) -> list[float]:
    """Milliseconds from commit to arrival, at a calm pace; the first opens the connections."""
    await stamps.of(await _commit(database, 1))
    found = []
    for _ in range(SINGLE):
        subjects = await _commit(database, 1)
        committed = time.perf_counter()
        found.append((committed, subjects))
        await asyncio.sleep(1 / PER_SECOND)
    return [((await stamps.of(subjects))[0] - at) * 1000 for at, subjects in found]


async def _at_once(database: Database, stamps: _Stamps) -> float:
    """Deliveries per second of many events that were committed together."""
    arrived = sorted(await stamps.of(await _commit(database, BURST)))
    return (BURST - 1) / (arrived[-1] - arrived[0])


async def _bare(receiver: Receiver) -> float:
    """The same document as often, from a bare client."""
    body = receiver.posts[-1].body
    receiver.answers = willing
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.perf.posting", receiver.url, str(BURST)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(body)
    return float(printed)

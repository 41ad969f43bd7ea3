"""The worker process of a service: its parts live together or not at all."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from typing import Any

import structlog
import uvloop
from prometheus_client import start_http_server

from deploy.rebuilding import rebuild_kinds
from deploy.services import load, spec_of
from deploy.supervisor import follow_parent
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.http import rate_limit_storage
from shared.jobs.kinds import JobKind, recurring
from shared.jobs.runner import JobRunner
from shared.jobs.upkeep import forgetting
from shared.messaging import metrics, pruning
from shared.messaging.connect import open_transport, topics_of
from shared.messaging.consumer import Consumer
from shared.messaging.garbage_collection import collect_less
from shared.messaging.notifier import Notifier
from shared.messaging.operations import group_of
from shared.messaging.relay import Relay
from shared.service import ServiceSpec, open_database, open_database_with_keys
from shared.settings import Settings
from shared.webhooks.worker import follow_events

log = structlog.get_logger(__name__)

STOP_SECONDS = 5.0
# For looking, and for the signs of life of what runs.
SPARE = 2


class Part(Enum):
    """What a worker may do; on one machine it does everything."""

    RELAY = auto()
    CONSUMER = auto()
    SUBSCRIPTIONS = auto()
    JOBS = auto()


Run = Callable[[ServiceSpec, Settings, Database, asyncio.Event], Coroutine[Any, Any, None]]


def run(name: str, settings: Settings, parts: frozenset[Part], metrics_port: int = 0) -> None:
    """Work until SIGTERM or SIGINT. Raises what a part dies of: the supervisor starts us again."""
    follow_parent()
    if metrics_port:
        start_http_server(metrics_port)
    load((name,))
    collect_less()
    uvloop.run(_until_told(name, settings, parts))


async def run_worker(
    name: str,
    settings: Settings,
    stop: asyncio.Event,
    parts: frozenset[Part] = frozenset(Part),
) -> None:
    """Work until told to stop; when one part dies the others are ended too."""
    spec = spec_of(name)
    async with _database(spec, settings) as database, asyncio.TaskGroup() as group:
        running = [
            group.create_task(
                RUNS[part](spec, settings, database, stop), name=f"{name} {part.name.lower()}"
            )
            for part in sorted(parts, key=lambda part: part.value)
        ]
        log.info("worker started", service=name, parts=sorted(part.name for part in parts))
        await _end(running, stop)


async def _end(running: Sequence[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Once told to stop: give the parts some time, then break off what waits for a broker.

    What was not committed is rolled back, and comes again.
    """
    told = asyncio.create_task(stop.wait())
    try:
        busy = set(running)
        while busy and not told.done():
            await asyncio.wait({told, *busy}, return_when=asyncio.FIRST_COMPLETED)
            busy = {task for task in busy if not task.done()}
        if busy:
            await asyncio.wait(busy, timeout=STOP_SECONDS)
    finally:
        told.cancel()
    for task in running:
        task.cancel()


async def _until_told(name: str, settings: Settings, parts: frozenset[Part]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for request in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(request, stop.set)
    await run_worker(name, settings, stop, parts)


@asynccontextmanager
async def _database(spec: ServiceSpec, settings: Settings) -> AsyncIterator[Database]:
    """The service's database; what its handlers publish wakes the relay at once."""
    database = await open_database_with_keys(spec, settings, role="worker")
    try:
        async with Notifier(database.pool) as notifier:
            database.on_published = notifier.notify_soon
            yield database
    finally:
        await database.close()


async def _relay(
    spec: ServiceSpec, settings: Settings, database: Database, stop: asyncio.Event
) -> None:
    keep = timedelta(hours=settings.outbox_keep_hours)
    # Also who stands by says so: a figure that is not there raises no alarm.
    metrics.relay_leads.labels(spec.name).set(0)
    async with open_transport(settings, name=f"vth-{spec.name}-relay") as transport:
        await Relay(database.pool, transport, spec.name, keep=keep).run(stop)


async def _consumer(
    spec: ServiceSpec, settings: Settings, database: Database, stop: asyncio.Event
) -> None:
    if not spec.consumers:
        return
    opening = open_transport(
        settings,
        name=f"vth-{spec.name}-consumer",
        group=group_of(spec.name),
        topics=topics_of(spec.consumers),
        instance=f"vth-{spec.name}-{settings.instance}" if settings.instance else None,
    )
    async with opening as transport:
        open_work = partial(database.work, sight=Sight.ALL)
        await Consumer(spec.name, transport, open_work, spec.consumers).run(stop)


async def _subscriptions(
    spec: ServiceSpec, settings: Settings, database: Database, stop: asyncio.Event
) -> None:
    await follow_events(database, settings, spec.name, stop)


def upkeep(settings: Settings) -> tuple[JobKind, ...]:
    """The recurring jobs of every service."""
    counts = "Tellingen van grenzen opruimen"
    return (
        forgetting(settings.jobs_keep_days),
        recurring("tellingen-opruimen", counts, timedelta(hours=1), rate_limit_storage.forget),
        *pruning.forgetting(settings),
    )


async def _jobs(
    spec: ServiceSpec, settings: Settings, database: Database, stop: asyncio.Event
) -> None:
    """Over connections of its own, so that no job waits for relay or consumer, nor they for it."""
    kit = spec.kit(settings) if spec.kit else None
    kinds = (*spec.jobs, *rebuild_kinds(spec), *upkeep(settings))
    size = settings.jobs_at_once + SPARE
    own = await open_database(spec, settings, role="jobs", size=size)
    own.on_published = database.on_published
    try:
        await JobRunner(spec.name, own, kinds, settings, kit).run(stop)
    finally:
        await own.close()


RUNS: dict[Part, Run] = {
    Part.RELAY: _relay,
    Part.CONSUMER: _consumer,
    Part.SUBSCRIPTIONS: _subscriptions,
    Part.JOBS: _jobs,
}

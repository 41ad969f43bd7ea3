"""From commit to visible effect in the next service, on both transports."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from deploy import databases
from deploy.kafka_broker import KafkaBroker
from deploy.postgres import EmbeddedPostgres
from services.intake.main import SPEC as INTAKE
from services.risk import tables
from services.risk.main import SPEC as RISK
from shared.contracts.intake import ComplaintLinked
from shared.contracts.registry import topic_of
from shared.http.service import open_database
from shared.ids import new_id
from shared.messaging.kafka_clients import KafkaConfig
from shared.messaging.kafka_topics import create_topics
from shared.messaging.nudger import Nudger
from shared.settings import SERVICES, Settings
from tests.perf.figures import Figure, below

EVENTS = 400
WARM_UP = 40
SEEN = select(tables.complaint.c.id).where(tables.complaint.c.id == bindparam("id"))


def measure(folder: Path) -> list[Figure]:
    """Latencies on the log in PostgreSQL and on Kafka."""
    with EmbeddedPostgres(folder / "postgres") as server:
        figures = _on("postgres", server.url, "127.0.0.1:9")
    with EmbeddedPostgres(folder / "postgres-kafka") as server, _kafka(folder) as bootstrap:
        return figures + _on("kafka", server.url, bootstrap)


@contextmanager
def _kafka(folder: Path) -> Iterator[str]:
    broker = KafkaBroker(folder / "kafka")
    broker.start()
    try:
        yield broker.bootstrap_servers
    finally:
        broker.stop()


def _on(transport: str, database_url: str, bootstrap: str) -> list[Figure]:
    environment = {
        "VTH_ENVIRONMENT": "test",
        "VTH_DATABASE_URL": database_url,
        "VTH_TRANSPORT": transport,
        "VTH_KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "VTH_MASTER_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
        "VTH_TOKEN_KEY": "perf-token-key-of-more-than-32-characters",
        "VTH_LOG_LEVEL": "WARNING",
    }
    given: dict[str, Any] = {
        name.removeprefix("VTH_").lower(): value for name, value in environment.items()
    }
    settings = Settings(**given)
    asyncio.run(_prepare(settings))
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "deploy.cli", "worker", name], env={**os.environ, **environment}
        )
        for name in ("intake", "risk")
    ]
    try:
        latencies = asyncio.run(_latencies(settings))
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)
    return [
        below(f"event visible, {transport}, p50", latencies, 0.50, 100),
        below(f"event visible, {transport}, p95", latencies, 0.95, 100),
    ]


async def _prepare(settings: Settings) -> None:
    names = ("intake", "risk", databases.EVENTS)
    await databases.create(settings, names)
    for name in names:
        await databases.upgrade_async(name, settings.database_for(name))
    if settings.transport == "kafka":
        topics = [topic_of(service) for service in SERVICES]
        await create_topics(KafkaConfig(bootstrap_servers=settings.kafka_bootstrap_servers), topics)


async def _latencies(settings: Settings) -> list[float]:
    intake = await open_database(INTAKE, settings)
    risk = await open_database(RISK, settings)
    try:
        async with Nudger(intake.pool) as nudger:
            intake.on_published = nudger.nudge
            found = []
            for _ in range(EVENTS + WARM_UP):
                event = _event()
                async with intake.work() as work:
                    work.publish(event)
                start = time.perf_counter()
                async with risk.read() as rows:
                    await _until(rows, event.complaint_id)
                found.append((time.perf_counter() - start) * 1000)
            return found[WARM_UP:]
    finally:
        await intake.close()
        await risk.close()


async def _until(rows: object, identity: UUID) -> None:
    for _ in range(30_000):
        if await rows.first(SEEN, id=identity) is not None:  # type: ignore[attr-defined]
            return
        await asyncio.sleep(0.001)
    raise TimeoutError("the event did not arrive")


def _event() -> ComplaintLinked:
    return ComplaintLinked(
        version=2,
        complaint_id=new_id(),
        number="K-2026-000001",
        category="geur",
        received_at=datetime.now(UTC),
        location_id=new_id(),
        incident_id=new_id(),
    )

"""What the benchmarks of events share: servers, an outbox full of events, and what a run took."""

import asyncio
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

import asyncpg
import orjson
import structlog

from deploy import databases
from deploy.kafka_broker import KafkaBroker
from deploy.postgres import EmbeddedPostgres
from services.intake.main import SPEC as INTAKE
from shared.contracts.intake import ComplaintLinked
from shared.contracts.registry import topic_of
from shared.db.database import open_pool
from shared.ids import new_id
from shared.messaging.connect import open_transport
from shared.messaging.garbage_collection import collect_less
from shared.messaging.kafka_clients import KafkaConfig
from shared.messaging.kafka_topics import create_topics
from shared.messaging.publishing import publisher_for
from shared.messaging.relay import Relay
from shared.settings import SERVICES, Settings

TOPIC: Final = topic_of("intake")
LOCATIONS: Final = 5_000
COLUMNS: Final = "id, aggregatetype, aggregateid, type, topic, key, headers, payload, occurred_at"
_SEED = f"""
INSERT INTO outbox ({COLUMNS})
SELECT id, aggregatetype, aggregateid, type, topic, key, headers::jsonb, payload, occurred_at
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::bytea[], $9::timestamptz[])
  AS r(id, aggregatetype, aggregateid, type, topic, key, headers, payload, occurred_at)
"""
_WAITING = "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Servers:
    """A PostgreSQL and a Kafka of their own, and the settings of a platform on them."""

    database_url: str
    bootstrap: str

    def environment(self, transport: str) -> dict[str, str]:
        """What a process of the platform has to be told."""
        return {
            "VTH_ENVIRONMENT": "test",
            "VTH_DATABASE_URL": self.database_url,
            "VTH_TRANSPORT": transport,
            "VTH_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "VTH_MASTER_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
            "VTH_WEBHOOK_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
            "VTH_TOKEN_KEY": "perf-token-key-of-more-than-32-characters",
            "VTH_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "VTH_LOG_LEVEL": "WARNING",
        }

    def settings(self, transport: str) -> Settings:
        """The same as an object."""
        given: dict[str, Any] = {
            name.removeprefix("VTH_").lower(): value
            for name, value in self.environment(transport).items()
        }
        return Settings(**given)

    @property
    def kafka(self) -> KafkaConfig:
        return KafkaConfig(bootstrap_servers=self.bootstrap)


def quiet() -> None:
    """Only warnings are worth a line among figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@contextmanager
def servers(folder: Path, *names: str) -> Iterator[Servers]:
    """Start both, with the databases of these services, the log in PostgreSQL and all topics."""
    quiet()
    broker = KafkaBroker(folder / "kafka")
    with EmbeddedPostgres(folder / "postgres") as postgres:
        broker.start()
        try:
            made = Servers(postgres.url, broker.bootstrap_servers)
            asyncio.run(_prepare(made, names))
            yield made
        finally:
            broker.stop()


async def _prepare(made: Servers, names: Sequence[str]) -> None:
    settings = made.settings("postgres")
    everything = (*names, databases.EVENTS, databases.SESSIONS)
    await databases.create(settings, everything)
    for name in everything:
        await databases.upgrade_async(
            name, databases.administration(settings, f"vth_{name}"), examples=True
        )
    await create_topics(made.kafka, [topic_of(service) for service in SERVICES])


def linked(location: UUID) -> ComplaintLinked:
    """An event as intake publishes it, about this location."""
    return ComplaintLinked(
        version=2,
        complaint_id=new_id(),
        number="K-2026-000001",
        category="geur",
        received_at=datetime.now(UTC),
        location_id=location,
        incident_id=new_id(),
    )


def outbox_rows(settings: Settings, count: int) -> list[dict[str, Any]]:
    """So many events as they stand in the outbox of intake, about LOCATIONS locations."""
    publisher, now = publisher_for(INTAKE, settings), datetime.now(UTC)
    places = [new_id() for _ in range(LOCATIONS)]
    return [publisher.row(linked(place), now) for place in islice(cycle(places), count)]


async def seed(pool: asyncpg.Pool, rows: Sequence[dict[str, Any]]) -> None:
    """An outbox in which exactly these events wait."""
    await pool.execute("TRUNCATE outbox")
    names = COLUMNS.split(", ")
    columns = {name: [row[name] for row in rows] for name in names}
    columns["headers"] = [orjson.dumps(headers).decode() for headers in columns["headers"]]
    await pool.execute(_SEED, *columns.values(), timeout=120)
    await pool.execute("VACUUM ANALYZE outbox", timeout=120)


async def relay_all(pool: asyncpg.Pool, settings: Settings) -> None:
    """Run a relay until the outbox is empty."""
    stop = asyncio.Event()
    async with open_transport(settings, name="perf-relay") as transport:
        running = asyncio.create_task(Relay(pool, transport, "intake").run(stop))
        while await pool.fetchval(_WAITING) and not running.done():
            await asyncio.wait({running}, timeout=0.05)
        stop.set()
        await running


async def pool_of(settings: Settings, name: str) -> asyncpg.Pool:
    """A pool on the database of a service."""
    return await open_pool(
        databases.administration(settings, f"vth_{name}"), application="perf", size=4
    )


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processor since it began. Raises OSError when it is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """What one run took: events per second, and µs of CPU of this process per event."""

    rate: float
    cpu: float


class Stopwatch:
    """Measures a block: wall clock and CPU of this process."""

    def __enter__(self) -> Self:
        # As in a worker; what was made for the benchmark itself is left alone too.
        collect_less()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() - self._cpu

    def per(self, events: int) -> Spent:
        return Spent(events / self.wall, self.cpu / events * 1e6)


def middle(runs: Sequence[Spent]) -> Spent:
    """The median of each column."""
    return Spent(*(median(column) for column in zip(*runs, strict=True)))

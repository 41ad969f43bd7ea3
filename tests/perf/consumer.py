"""Log to projection: the consumer against a bare `getmany` loop that writes the same rows.

The consumer notes every event in its inbox and upserts; the reference parses and copies. Both run
in this process, in turn, under uvloop as the worker does; the servers are others.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvloop
from aiokafka import ConsumerRebalanceListener

from services.risk.main import SPEC as RISK
from shared.auth.sight import Sight
from shared.contracts.intake import ComplaintLinked
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.connect import open_transport
from shared.messaging.consumer import Consumer
from shared.messaging.handlers import Delivery
from shared.messaging.kafka_clients import make_consumer
from shared.service import open_database
from shared.settings import Settings
from tests.perf import projection
from tests.perf.figures import Figure, against
from tests.perf.lab import (
    TOPIC,
    Servers,
    Spent,
    Stopwatch,
    middle,
    outbox_rows,
    pool_of,
    relay_all,
    seed,
    servers,
)

EVENTS: Final = 100_000
ROUNDS: Final = 3
AT_ONCE: Final = 1_000
GOAL: Final = 0.5
LEAST: Final = 20_000


def measure(folder: Path) -> list[Figure]:
    """Events per second of the consumer on both logs, and of the bare loop."""
    with servers(folder, "intake", "risk") as made:
        return uvloop.run(_measure(made))


async def _measure(made: Servers) -> list[Figure]:
    settings = made.settings("kafka"), made.settings("postgres")
    async with await pool_of(settings[0], "intake") as pool:
        rows = outbox_rows(settings[0], EVENTS)
        for each in settings:
            await seed(pool, rows)
            await relay_all(pool, each)
    database = await open_database(RISK, settings[0], role="perf")
    await projection.make(settings[0])
    kafka: list[Spent] = []
    bare: list[Spent] = []
    log: list[Spent] = []
    try:
        for turn in range(ROUNDS + 1):
            round_of = [
                await _consumed(database, settings[0]),
                await _copied(database.pool, made),
                await _consumed(database, settings[1]),
            ]
            if turn:
                for runs, run in zip((kafka, bare, log), round_of, strict=True):
                    runs.append(run)
    finally:
        await database.close()
    return [
        against(
            "consumer on Kafka", kafka, bare, ratio=GOAL, least=LEAST,
            reference="bare getmany and COPY",
        ),
        Figure(
            "consumer on the log in PostgreSQL", round(middle(log).rate), "events/s",
            None, None, "for information", True, round(middle(log).cpu, 1),
        ),
    ]  # fmt: skip


async def _consumed(database: Database, settings: Settings) -> Spent:
    """Everything on the topic into the projection, joining the group included."""
    await _empty(database.pool)
    stop, left = asyncio.Event(), EVENTS

    async def handle(deliveries: Sequence[Delivery[ComplaintLinked]], work: UnitOfWork) -> None:
        nonlocal left
        projection.keep(deliveries, work)
        left -= len(deliveries)
        if left <= 0:
            stop.set()

    with Stopwatch() as watch:
        group = f"perf-{uuid4().hex}"
        async with open_transport(settings, name="perf", group=group, topics=[TOPIC]) as transport:
            consumer = Consumer(
                "perf",
                transport,
                partial(database.work, sight=Sight.ALL),
                {ComplaintLinked: handle},
            )
            await consumer.run(stop)
    await _check(database.pool)
    return watch.per(EVENTS)


async def _copied(pool: asyncpg.Pool, made: Servers) -> Spent:
    """The same rows by the shortest road: parse, COPY, commit the position."""
    await _empty(pool)
    group = f"perf-{uuid4().hex}"
    with Stopwatch() as watch:
        consumer = make_consumer(made.kafka, group, [TOPIC], _Anyhow())
        left = EVENTS
        async with consumer, pool.acquire() as connection:
            while left:
                batch = await consumer.getmany(timeout_ms=500, max_records=AT_ONCE)
                rows = [_row(record.value) for records in batch.values() for record in records]
                if rows:
                    await connection.copy_records_to_table(projection.NAME, records=rows)
                    await consumer.commit()
                left -= len(rows)
    await _check(pool)
    return watch.per(EVENTS)


def _row(value: bytes) -> tuple[Any, ...]:
    event = orjson.loads(value)
    return (
        UUID(event["klachtId"]),
        event["versie"],
        UUID(event["locatieId"]),
        event["nummer"],
        event["categorie"],
        datetime.fromisoformat(event["ontvangenOp"]),
    )


async def _empty(pool: asyncpg.Pool) -> None:
    await pool.execute(f"TRUNCATE {projection.NAME}, inbox")


async def _check(pool: asyncpg.Pool) -> None:
    found = await pool.fetchval(f"SELECT count(*) FROM {projection.NAME}")
    if found != EVENTS:
        raise AssertionError(f"{found} of {EVENTS} events have their row")


class _Anyhow(ConsumerRebalanceListener):  # type: ignore[misc]
    """Has nothing to finish when partitions go."""

    async def on_partitions_revoked(self, revoked: object) -> None:
        return None

    async def on_partitions_assigned(self, assigned: object) -> None:
        return None

"""Outbox to log: the relay against a bare aiokafka producer that sends the same bytes.

Both run in this process, in turn, under uvloop as the worker does; the servers are others.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import asyncpg
import uvloop

from shared.messaging.cloudevents import binary_headers
from shared.messaging.kafka_clients import make_producer
from shared.messaging.partitioner import partition_of
from shared.settings import Settings
from tests.perf.figures import Figure, against
from tests.perf.lab import (
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
# So many futures are open at once in the bare producer.
CHUNK: Final = 10_000
GOAL: Final = 0.7
LEAST: Final = 15_000


class Bare(NamedTuple):
    """A message as aiokafka takes it."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def measure(folder: Path) -> list[Figure]:
    """Events per second of the relay on both logs, and of the bare producer."""
    with servers(folder, "intake") as made:
        return uvloop.run(_measure(made))


async def _measure(made: Servers) -> list[Figure]:
    settings = made.settings("kafka")
    rows = outbox_rows(settings, EVENTS)
    messages = [_bare_message(row) for row in rows]
    kafka: list[Spent] = []
    bare: list[Spent] = []
    batches: list[Spent] = []
    log: list[Spent] = []
    async with await pool_of(settings, "intake") as pool:
        for turn in range(ROUNDS + 1):
            round_of = [
                await _relayed(pool, rows, settings),
                await _sent(made, messages),
                await _sent_in_batches(made, messages),
                await _relayed(pool, rows, made.settings("postgres")),
            ]
            if turn:
                for runs, run in zip((kafka, bare, batches, log), round_of, strict=True):
                    runs.append(run)
    return [
        against("relay to Kafka", kafka, bare, ratio=GOAL, least=LEAST, reference="bare producer"),
        replace(
            against("relay to Kafka, to batches", kafka, batches, ratio=0, least=0, reference="it"),
            goal="for information", holds=True,
        ),
        Figure(
            "relay to the log in PostgreSQL", round(middle(log).rate), "events/s",
            None, None, "for information", True, round(middle(log).cpu, 1),
        ),
    ]  # fmt: skip


def _bare_message(row: dict[str, Any]) -> Bare:
    headers = binary_headers(str(row["id"]), row["type"], row["key"], row["headers"])
    encoded = [(name, value.encode()) for name, value in headers.items()]
    return Bare(row["topic"], row["key"].encode(), row["payload"], encoded)


async def _relayed(pool: asyncpg.Pool, rows: Sequence[dict[str, Any]], settings: Settings) -> Spent:
    """From a full outbox to an empty one, connecting included."""
    await seed(pool, rows)
    with Stopwatch() as watch:
        await relay_all(pool, settings)
    return watch.per(len(rows))


async def _sent(made: Servers, messages: Sequence[Bare]) -> Spent:
    """Every message sent and acknowledged, connecting included."""
    with Stopwatch() as watch:
        async with make_producer(made.kafka) as producer:
            for start in range(0, len(messages), CHUNK):
                futures = [
                    await producer.send(topic, value, key=key, headers=headers)
                    for topic, key, value, headers in messages[start : start + CHUNK]
                ]
                await asyncio.gather(*futures)
    return watch.per(len(messages))


async def _sent_in_batches(made: Servers, messages: Sequence[Bare]) -> Spent:
    """The same by the shortest road there is: batches per partition, and no future per message."""
    with Stopwatch() as watch:
        async with make_producer(made.kafka) as producer:
            count = len(await producer.partitions_for(messages[0].topic))
            batches = {number: producer.create_batch() for number in range(count)}
            futures = []
            for topic, key, value, headers in messages:
                number = partition_of(key.decode(), count)
                if not _append(batches[number], key, value, headers):
                    futures.append(
                        await producer.send_batch(batches[number], topic, partition=number)
                    )
                    batches[number] = producer.create_batch()
                    _append(batches[number], key, value, headers)
            for number, batch in batches.items():
                futures.append(
                    await producer.send_batch(batch, messages[0].topic, partition=number)
                )
            await asyncio.gather(*futures)
    return watch.per(len(messages))


def _append(batch: Any, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> bool:
    return batch.append(timestamp=None, key=key, value=value, headers=headers) is not None

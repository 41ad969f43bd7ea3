"""The log, read from its beginning by one process, outside every consumer group.

A rebuild keeps its own positions: nothing stays behind with the brokers, and no partition is ever
taken away half-way.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol

import asyncpg

from shared.db.database import open_pool
from shared.messaging.connect import kafka_config
from shared.messaging.kafka_replay import KafkaReplay
from shared.messaging.offsets import LogOffsets, Positions
from shared.messaging.postgres_log import record_of_row
from shared.messaging.transport import Record, TopicPartition
from shared.settings import Settings

_EDGES: Final = """
SELECT h.topic, h.partition, h.next_offset,
       coalesce((SELECT min(l."offset") FROM event_log AS l
                 WHERE l.topic = h.topic AND l.partition = h.partition), h.next_offset)
FROM event_head AS h WHERE h.topic = ANY($1) ORDER BY h.topic, h.partition
"""
_READ: Final = """
SELECT l.topic, l.partition, l."offset", l.key, l.headers::text, l.value
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) AS p(topic, partition, at, until)
CROSS JOIN LATERAL (
    SELECT * FROM event_log AS e
    WHERE e.topic = p.topic AND e.partition = p.partition
      AND e."offset" >= p.at AND e."offset" < p.until
    ORDER BY e."offset" LIMIT $5
) AS l
"""


class Replay(Protocol):
    """Reads the topics of a projection from any place.

    Raises TransientTransportError or OSError when the log cannot be reached.
    """

    async def edges(self) -> LogOffsets:
        """Where each partition begins and ends at this moment."""

    async def read(self, at: Positions, until: Positions, most: int) -> Sequence[Record]:
        """Some of the records from `at` up to `until`, in order per partition; none: all read."""


class PostgresReplay:
    """The log in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, topics: Sequence[str]) -> None:
        self._pool = pool
        self._topics = list(topics)

    async def edges(self) -> LogOffsets:
        rows = await self._pool.fetch(_EDGES, self._topics)
        places = [TopicPartition(row[0], row[1]) for row in rows]
        return LogOffsets(
            first={place: row[3] for place, row in zip(places, rows, strict=True)},
            end={place: row[2] for place, row in zip(places, rows, strict=True)},
        )

    async def read(self, at: Positions, until: Positions, most: int) -> list[Record]:
        """As many of each partition, so that none runs far ahead of the others."""
        open_ = [place for place in until if at.get(place, 0) < until[place]]
        if not open_:
            return []
        rows = await self._pool.fetch(
            _READ,
            [place.topic for place in open_],
            [place.partition for place in open_],
            [at.get(place, 0) for place in open_],
            [until[place] for place in open_],
            max(1, most // len(open_)),
        )
        return list(map(record_of_row, rows))


@asynccontextmanager
async def open_replay(settings: Settings, topics: Sequence[str]) -> AsyncIterator[Replay]:
    """The log of the settings, closed with the block."""
    if settings.transport == "kafka":
        kafka = KafkaReplay(kafka_config(settings, "vth-rebuild"), topics)
        try:
            yield kafka
        finally:
            await kafka.close()
        return
    url = settings.database_for("events")
    async with await open_pool(url, application="vth-rebuild", size=2, read_only=True) as pool:
        yield PostgresReplay(pool, topics)

"""The log in PostgreSQL: durable, replayable, no broker to run."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import asyncpg
import orjson

from shared.db.connections import is_connection_lost
from shared.messaging.partitioner import PARTITIONS, partition_of
from shared.messaging.postgres_group import BALANCE_EVERY, Membership
from shared.messaging.transport import (
    Batch,
    Message,
    PartitionLag,
    Reader,
    Record,
    TopicPartition,
    TransientTransportError,
)

FALLBACK_POLL: Final = 0.2

_APPEND = "SELECT event_append($1, $2, $3, $4, $5)"
_NEXT = """
SELECT l.topic, l.partition, l."offset", l.key, l.headers::text, l.value
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS p(topic, partition, position)
CROSS JOIN LATERAL (
    SELECT * FROM event_log AS e
    WHERE e.topic = p.topic AND e.partition = p.partition AND e."offset" >= p.position
    ORDER BY e."offset" LIMIT $4
) AS l
LIMIT $4
"""
_COMMIT = """
INSERT INTO event_position AS p (group_name, topic, partition, next_offset)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])
ON CONFLICT (group_name, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset, committed_at = now()
WHERE p.next_offset < excluded.next_offset
"""
_LAG = """
SELECT h.topic, h.partition, h.next_offset, coalesce(p.next_offset, 0) AS position
FROM event_head AS h
LEFT JOIN event_position AS p
  ON p.group_name = $1 AND p.topic = h.topic AND p.partition = h.partition
WHERE h.topic = ANY($2)
ORDER BY h.topic, h.partition
"""


class PostgresLog:
    """A Transport on a pool of the events database."""

    def __init__(self, pool: asyncpg.Pool, *, group: str = "", topics: Sequence[str] = ()) -> None:
        self._pool = pool
        self._group = group
        self._topics = list(topics)
        self._member = Membership(pool, group, topics)

    async def publish(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        with _translated():
            await self._pool.execute(
                _APPEND,
                [message.topic for message in messages],
                [partition_of(message.key, PARTITIONS) for message in messages],
                [message.key for message in messages],
                [orjson.dumps(message.headers).decode() for message in messages],
                [message.value for message in messages],
            )

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109 - part of the question
        deadline = time.monotonic() + timeout
        with _translated():
            if not self._member.joined:
                await self._member.join()
            while True:
                self._member.expect()
                await self._member.balance()
                batch = await self._next(max_records)
                left = deadline - time.monotonic()
                if batch or left <= 0:
                    return batch
                await self._member.wait(min(left, FALLBACK_POLL, BALANCE_EVERY))

    def read_ahead(self, reader: Reader) -> None:
        """Nothing waits here: a poll asks for records only when those before them are done."""

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        places = sorted(positions)
        with _translated():
            await self._pool.execute(
                _COMMIT,
                self._group,
                [place.topic for place in places],
                [place.partition for place in places],
                [positions[place] for place in places],
            )

    async def close(self) -> None:
        await self._member.leave()

    async def seek_to_beginning(self) -> None:
        """Read our partitions again from their first record; the committed positions stay."""
        for place in self._member.positions:
            self._member.positions[place] = 0

    async def lag(self) -> list[PartitionLag]:
        """The lag of every partition of the subscribed topics."""
        rows = await self._pool.fetch(_LAG, self._group, self._topics)
        return [PartitionLag(*row) for row in rows]

    async def behind(self) -> bool:
        """Whether records wait in a partition that is ours."""
        ours = self._member.positions
        return any(
            line.end > ours[place]
            for line in await self.lag()
            if (place := TopicPartition(line.topic, line.partition)) in ours
        )

    async def _next(self, max_records: int) -> Batch:
        ours = self._member.positions
        if not ours:
            return {}
        rows = await self._member.fetch(
            _NEXT,
            [place.topic for place in ours],
            [place.partition for place in ours],
            list(ours.values()),
            max_records,
        )
        batch: dict[TopicPartition, list[Record]] = {}
        for row in rows:
            record = record_of_row(row)
            batch.setdefault(TopicPartition(record.topic, record.partition), []).append(record)
        for place, records in batch.items():
            # What was read goes to the end of the line, so that a busy partition starves no other.
            del ours[place]
            ours[place] = records[-1].offset + 1
        return batch


def record_of_row(row: Any) -> Record:
    """A row of the log (topic, partition, offset, key, headers as text, value) as a record."""
    topic, partition, offset, key, headers, value = row
    return Record(topic, partition, offset, key, orjson.loads(headers), value)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_connection_lost(error) or isinstance(error, TimeoutError):
            raise TransientTransportError(str(error) or type(error).__name__) from error
        raise

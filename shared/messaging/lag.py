"""How far events are: what waits in the outbox, in the log and on the parking."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text

from shared.db.rows import Rows
from shared.messaging.transport import Observed, PartitionLag

_OUTBOX = text("""
SELECT count(*) AS waiting,
       CAST(coalesce(extract(epoch FROM now() - min(occurred_at)), 0) AS float8) AS oldest_seconds
FROM outbox WHERE published_at IS NULL
""")
_PARKED = text("""
SELECT consumer, count(*) AS waiting,
       CAST(extract(epoch FROM now() - min(first_at)) AS float8) AS oldest_seconds
FROM parked_event WHERE state IN ('parked', 'retry')
GROUP BY consumer ORDER BY consumer
""")


class Waiting(NamedTuple):
    """How many events wait somewhere, and for how long the oldest."""

    waiting: int
    oldest_seconds: float


async def outbox_waiting(reader: Rows) -> Waiting:
    """What the relay has not published yet."""
    row = await reader.one(_OUTBOX)
    return Waiting(row["waiting"], row["oldest_seconds"])


async def parked_waiting(reader: Rows) -> dict[str, Waiting]:
    """What is parked, per consumer."""
    rows = await reader.all(_PARKED)
    return {row["consumer"]: Waiting(row["waiting"], row["oldest_seconds"]) for row in rows}


async def consumer_lag(transport: Observed) -> tuple[int, Sequence[PartitionLag]]:
    """How many events wait for a consumer in all, and per partition."""
    lines = await transport.lag()
    return sum(line.lag for line in lines), lines

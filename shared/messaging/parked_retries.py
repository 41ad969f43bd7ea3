"""Takes up parked events again: on request, or when those before them of their key are done."""

from typing import Any, Final

from sqlalchemy import text

from shared.db.unit_of_work import UnitOfWork
from shared.messaging import metrics
from shared.messaging.failures import must_wait
from shared.messaging.handlers import Registry
from shared.messaging.notices import About, tell_parked
from shared.messaging.ports import OpenWork
from shared.messaging.received import Failure, Incoming, read
from shared.messaging.transport import Record

ROUND: Final = 200

# The first open event of each key is due when a person asked for it, or when it never failed:
# then it only waited for an earlier one that is done or discarded by now.
_DUE = text("""
SELECT event_id FROM (
    SELECT DISTINCT ON (topic, key) event_id, state, attempts FROM parked_event
    WHERE consumer = :consumer AND state IN ('parked', 'retry')
    ORDER BY topic, key, seq
) AS first
WHERE state = 'retry' OR attempts = 0
LIMIT :most
""")
_TAKE = text("""
SELECT topic, partition, key, headers, payload, attempts FROM parked_event
WHERE consumer = :consumer AND event_id = :event_id AND state IN ('parked', 'retry')
FOR UPDATE SKIP LOCKED
""")
_DONE = text("""
UPDATE parked_event SET state = 'done', attempts = attempts + 1, last_at = now()
WHERE consumer = :consumer AND event_id = :event_id
""")
_FAILED = text("""
UPDATE parked_event
SET state = 'parked', attempts = attempts + 1, last_at = now(),
    error = :error, traceback = :traceback
WHERE consumer = :consumer AND event_id = :event_id AND state IN ('parked', 'retry')
RETURNING type, topic, key, attempts
""")
_OPEN = text("""
SELECT count(*) AS waiting,
       CAST(coalesce(extract(epoch FROM now() - min(first_at)), 0) AS float8) AS oldest_seconds
FROM parked_event WHERE consumer = :consumer AND state IN ('parked', 'retry')
""")


class ParkedRetries:
    """The parked events of one consumer."""

    def __init__(self, consumer: str, open_work: OpenWork, registry: Registry) -> None:
        self._consumer = consumer
        self._open_work = open_work
        self._registry = registry

    async def run(self) -> None:
        """Handle what is due, in order per key, until each key is done or fails again."""
        while True:
            moved = [await self._try(event_id) for event_id in await self._due()]
            if not any(moved):
                return

    async def _due(self) -> list[Any]:
        async with self._open_work() as work:
            rows = await work.all(_DUE, consumer=self._consumer, most=ROUND)
            kept = await work.one(_OPEN, consumer=self._consumer)
        metrics.parked_open.labels(self._consumer).set(kept["waiting"])
        metrics.parked_oldest.labels(self._consumer).set(kept["oldest_seconds"])
        return [row["event_id"] for row in rows]

    async def _try(self, event_id: Any) -> bool:
        """Handle one event; False when another process has it in hand."""
        try:
            async with self._open_work() as work:
                return await self._handle(work, event_id)
        except Exception as error:
            if must_wait(error):
                raise
            failure = Failure.of(error, 1)
        async with self._open_work() as work:
            row = await work.first(
                _FAILED,
                consumer=self._consumer,
                event_id=event_id,
                error=failure.error,
                traceback=failure.traceback or None,
            )
            if row is not None:
                about = About(self._consumer, event_id, row["type"], row["topic"], row["key"])
                tell_parked(work, about, failure.kind, row["attempts"])
        return True

    async def _handle(self, work: UnitOfWork, event_id: Any) -> bool:
        row = await work.first(_TAKE, consumer=self._consumer, event_id=event_id)
        if row is None:
            return False
        record = Record(
            row["topic"], row["partition"], -1, row["key"], row["headers"], row["payload"]
        )
        for incoming in read([record], self._registry):
            await _call(incoming, work)
        await work.execute(_DONE, consumer=self._consumer, event_id=event_id)
        return True


async def _call(incoming: Incoming, work: UnitOfWork) -> None:
    if incoming.delivery is None or incoming.handler is None:
        raise ValueError(incoming.failure.error if incoming.failure else "niet te lezen")
    await incoming.handler([incoming.delivery], work)

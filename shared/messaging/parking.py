"""What a person can do with parked events: look, retry, discard with a reason."""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text

from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound, invalid

log = structlog.get_logger(__name__)

_LIST = text("""
SELECT seq, consumer, event_id, topic, partition, key, type, headers, error, attempts,
       first_at, last_at, state, discard_reason, actor
FROM parked_event
WHERE (CAST(:consumer AS text) IS NULL OR consumer = :consumer)
  AND state = ANY(:states) AND seq > :after
ORDER BY seq LIMIT :most
""")
_ONE = text("""
SELECT seq, consumer, event_id, topic, partition, key, type, headers, payload, error, traceback,
       attempts, first_at, last_at, state, discard_reason, actor
FROM parked_event WHERE consumer = :consumer AND event_id = :event_id
""")
_RETRY = text("""
UPDATE parked_event SET state = 'retry', actor = :actor, last_at = now()
WHERE consumer = :consumer AND topic = :topic AND key = :key AND state = 'parked'
RETURNING event_id
""")
_DISCARD = text("""
UPDATE parked_event
SET state = 'discarded', discard_reason = :reason, actor = :actor, last_at = now()
WHERE consumer = :consumer AND event_id = :event_id AND state IN ('parked', 'retry')
RETURNING event_id
""")
OPEN = ("parked", "retry")


async def parked(
    reader: Rows,
    *,
    consumer: str | None = None,
    states: tuple[str, ...] = OPEN,
    after: int = 0,
    most: int = 100,
) -> list[Row]:
    """Parked events in the order they came, without their payload."""
    return await reader.all(_LIST, consumer=consumer, states=list(states), after=after, most=most)


async def parked_one(reader: Rows, consumer: str, event_id: UUID) -> Row:
    """One parked event with its payload and traceback. Raises NotFound."""
    what = "Deze geparkeerde gebeurtenis"
    return await reader.one(_ONE, what, consumer=consumer, event_id=event_id)


async def retry(work: UnitOfWork, consumer: str, topic: str, key: str, *, actor: str) -> int:
    """Have the open events of a key handled again, in order; gives how many. Raises NotFound."""
    rows = await work.all(_RETRY, consumer=consumer, topic=topic, key=key, actor=actor)
    count = len(_found(rows))
    log.info("parked events asked again", consumer=consumer, key=key, count=count, actor=actor)
    return count


async def discard(
    work: UnitOfWork, consumer: str, event_id: UUID, *, reason: str, actor: str
) -> None:
    """Give an event up; those behind it of its key are handled. Raises NotFound, Invalid."""
    if not reason.strip():
        raise invalid("reden", "ontbreekt", "Geef de reden waarom deze gebeurtenis vervalt.")
    _found(
        await work.all(_DISCARD, consumer=consumer, event_id=event_id, reason=reason, actor=actor)
    )
    log.info("parked event discarded", consumer=consumer, event_id=str(event_id), actor=actor)


def _found(rows: list[Any]) -> list[Any]:
    if not rows:
        raise NotFound("Er is geen geparkeerde gebeurtenis die hierop wacht.")
    return rows

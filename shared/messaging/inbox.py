"""Which events are new to a consumer, and which must wait behind a parked one of their key."""

from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlalchemy import text

from shared.db.unit_of_work import UnitOfWork
from shared.messaging.notices import About, tell_parked
from shared.messaging.received import Failure, Incoming
from shared.messaging.transport import storable

WAITS = "wacht op een eerdere gebeurtenis van dezelfde sleutel"

# One round trip: note the events, and tell what is seldom there: which were noted before, and
# which keys have an open parked event.
_CLAIM = text("""
WITH fresh AS (
    INSERT INTO inbox (consumer, event_id)
    SELECT :consumer, unnest(CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING
    RETURNING event_id
)
SELECT event_id, CAST(NULL AS text) AS topic, CAST(NULL AS text) AS key
FROM unnest(CAST(:ids AS uuid[])) AS given(event_id)
WHERE event_id NOT IN (SELECT event_id FROM fresh)
UNION ALL
SELECT DISTINCT CAST(NULL AS uuid), p.topic, p.key FROM parked_event AS p
WHERE p.consumer = :consumer AND p.state IN ('parked', 'retry')
  AND p.topic = ANY(:topics) AND p.key = ANY(:keys)
""")
_PARK = text("""
INSERT INTO parked_event (
    consumer, event_id, topic, partition, key, type, headers, payload, error, traceback, attempts
)
VALUES (
    :consumer, :event_id, :topic, :partition, :key, :type,
    CAST(CAST(:headers AS text) AS jsonb), :payload, :error, :traceback, :attempts
)
ON CONFLICT (consumer, event_id) DO NOTHING
""")


async def claim(
    work: UnitOfWork, consumer: str, events: Sequence[Incoming]
) -> tuple[list[Incoming], list[Incoming]]:
    """Note the events in the inbox; gives those to handle and those to park, in order.

    An event that was handled or parked before is in neither.
    """
    rows = await work.all(
        _CLAIM,
        consumer=consumer,
        ids=list(dict.fromkeys(event.event_id for event in events)),
        topics=list({event.record.topic for event in events}),
        keys=list({event.record.key for event in events}),
    )
    known = {row["event_id"] for row in rows if row["event_id"] is not None}
    held = {(row["topic"], row["key"]) for row in rows if row["event_id"] is None}
    return _sieve(events, known, held)


def _sieve(
    events: Sequence[Incoming], known: set[UUID], held: set[tuple[str, str]]
) -> tuple[list[Incoming], list[Incoming]]:
    ready: list[Incoming] = []
    parked: list[Incoming] = []
    for event in events:
        if event.event_id in known:
            continue
        known.add(event.event_id)
        if event.failure is None and (not held or event.key not in held):
            ready.append(event)
        else:
            held.add(event.key)
            parked.append(event)
    return ready, parked


async def park(
    work: UnitOfWork, consumer: str, event: Incoming, failure: Failure | None = None
) -> None:
    """Keep the event for a person to look at, or until those before it of its key are done.

    Of the first a notice goes out; those that wait behind it say nothing new.
    """
    failure = failure or event.failure or Failure(WAITS, "", 0)
    record = event.record
    await work.execute(
        _PARK,
        consumer=consumer,
        event_id=event.event_id,
        topic=record.topic,
        partition=record.partition,
        key=record.key,
        type=event.type,
        headers=orjson.dumps({k: storable(v) for k, v in record.headers.items()}).decode(),
        payload=record.value,
        error=failure.error,
        traceback=failure.traceback or None,
        attempts=failure.attempts,
    )
    if failure.attempts:
        about = About(consumer, event.event_id, event.type, record.topic, record.key)
        tell_parked(work, about, failure.kind, failure.attempts)

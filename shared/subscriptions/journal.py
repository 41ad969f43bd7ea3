"""The journal of deliveries: an attempt and what it means, in one statement and one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import text

from shared.db import Database
from shared.rows import Row
from shared.statements import compiled
from shared.subscriptions.states import AttemptKind
from shared.subscriptions.verdict import Answer, Verdict

# A subscription that somebody changed meanwhile is left as they made it.
_NOTE: Final = text("""
WITH kept AS (
    UPDATE subscription SET
        position = greatest(position, CAST(:position AS bigint)),
        failures = :failures, failing_since = :failing_since, next_attempt_at = :due,
        state = coalesce(CAST(:state AS text), state),
        state_reason = coalesce(:reason, state_reason),
        per_minute = coalesce(:rate, per_minute),
        delivered_at = coalesce(:delivered_at, delivered_at),
        wrapped_key = CASE WHEN :ended THEN NULL ELSE wrapped_key END,
        sealed_token = CASE WHEN :ended THEN NULL ELSE sealed_token END,
        sealed_signing_key = CASE WHEN :ended THEN NULL ELSE sealed_signing_key END
    WHERE id = :id AND changed_at = :changed_at
    RETURNING id
), logged AS (
    INSERT INTO subscription_attempt (
        subscription_id, kind, seq, event_id, event_type, number, attempted_at, duration_ms,
        status, error, delivered, next_attempt_at
    )
    SELECT id, :kind, :seq, :event_id, :event_type, :number, :now, :duration_ms, :status, :error,
           :delivered, :next_attempt_at
    FROM subscription WHERE id = :id
)
SELECT count(*) FROM kept
""")
NO_EVENT: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An attempt: what was tried, what came of it, and how far the subscription is with it."""

    kind: AttemptKind
    answer: Answer
    verdict: Verdict
    position: int | None = None
    rate: int | None = None
    event: Mapping[str, Any] = field(default_factory=lambda: NO_EVENT)


async def note(database: Database, subscription: Row, entry: Entry) -> bool:
    """Store an attempt; False when the subscription was changed or removed meanwhile."""
    query = compiled(_NOTE)
    values = _values(subscription, entry, database.clock.now())
    try:
        return bool(await database.pool.fetchval(query.sql, *query.arguments(values)))
    except asyncpg.ForeignKeyViolationError:
        # Removed between the look at it and the log line.
        return False


def _values(subscription: Row, entry: Entry, now: datetime) -> dict[str, Any]:
    verdict, answer, event = entry.verdict, entry.answer, entry.event
    reached = entry.position if verdict.delivered else None
    again = not verdict.delivered and verdict.state is None
    return {
        "id": subscription["id"],
        "changed_at": subscription["changed_at"],
        "position": reached,
        "failures": verdict.failures,
        "failing_since": verdict.failing_since,
        "due": verdict.next_attempt_at,
        "state": verdict.state,
        "reason": verdict.reason,
        "rate": entry.rate,
        "delivered_at": now if reached is not None else None,
        "ended": verdict.ends,
        "kind": entry.kind,
        "seq": event.get("seq"),
        "event_id": event.get("id"),
        "event_type": event.get("type"),
        "number": subscription["failures"] + 1,
        "now": now,
        "duration_ms": answer.duration_ms,
        "status": answer.status,
        "error": answer.error,
        "delivered": verdict.delivered,
        "next_attempt_at": verdict.next_attempt_at if again else None,
    }

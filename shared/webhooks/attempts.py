"""The log of deliveries: an attempt and what it means, in one statement and one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final, NamedTuple

import asyncpg
from sqlalchemy import text

from shared.db.database import Database
from shared.db.rows import Row
from shared.db.statements import compiled
from shared.webhooks.outcome import Answer, Outcome
from shared.webhooks.states import AttemptKind

# A subscription that somebody changed meanwhile is left as they made it; so is one that another
# process delivers to, because the session that gave us the lead has ended.
_NOTE: Final = text("""
WITH lead AS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
      AND classid = hashtext('feed')::oid AND objid = hashtext(:service)::oid AND pid = :leader
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), kept AS (
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
    WHERE id = :id AND changed_at = :changed_at AND EXISTS (SELECT FROM lead)
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
SELECT EXISTS (SELECT FROM kept) AS kept, EXISTS (SELECT FROM lead) AS leads
""")


class Noted(Enum):
    """Whether the attempt counts, or the subscription was changed, or the lead is lost."""

    KEPT = auto()
    CHANGED = auto()
    LOST = auto()


class Lead(NamedTuple):
    """Who delivers for a service: the session (its process id) that holds the lock."""

    service: str
    pid: int


NO_EVENT: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An attempt: what was tried, what came of it, and how far the subscription is with it."""

    kind: AttemptKind
    answer: Answer
    outcome: Outcome
    position: int | None = None
    rate: int | None = None
    event: Mapping[str, Any] = field(default_factory=lambda: NO_EVENT)


async def note(database: Database, lead: Lead, subscription: Row, entry: Entry) -> Noted:
    """Store an attempt; what it means for the subscription only if that is as it was, and ours."""
    query = compiled(_NOTE)
    values = _values(subscription, entry, database.clock.now())
    values |= {"service": lead.service, "leader": lead.pid}
    try:
        found = await database.pool.fetchrow(query.sql, *query.arguments(values))
    except asyncpg.ForeignKeyViolationError:
        # Removed between the look at it and the log line.
        return Noted.CHANGED
    if not found["leads"]:
        return Noted.LOST
    return Noted.KEPT if found["kept"] else Noted.CHANGED


def _values(subscription: Row, entry: Entry, now: datetime) -> dict[str, Any]:
    outcome, answer, event = entry.outcome, entry.answer, entry.event
    reached = entry.position if outcome.delivered else None
    again = not outcome.delivered and outcome.state is None
    return {
        "id": subscription["id"],
        "changed_at": subscription["changed_at"],
        "position": reached,
        "failures": outcome.failures,
        "failing_since": outcome.failing_since,
        "due": outcome.next_attempt_at,
        "state": outcome.state,
        "reason": outcome.reason,
        "rate": entry.rate,
        "delivered_at": now if reached is not None else None,
        "ended": outcome.ends,
        "kind": entry.kind,
        "seq": event.get("seq"),
        "event_id": event.get("id"),
        "event_type": event.get("type"),
        "number": subscription["failures"] + 1,
        "now": now,
        "duration_ms": answer.duration_ms,
        "status": answer.status,
        "error": answer.error,
        "delivered": outcome.delivered,
        "next_attempt_at": outcome.next_attempt_at if again else None,
    }

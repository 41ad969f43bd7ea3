"""What is stored of subscriptions: reads, and the writes of deliveries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import MetaData, text

from shared.rows import Row, Rows
from shared.subscriptions.states import AttemptKind
from shared.subscriptions.tables import subscription_tables
from shared.subscriptions.verdict import Answer, Verdict
from shared.work import Work

# Only to name the columns; every service has its own tables of this shape.
TABLES: Final = subscription_tables(MetaData())

_SHOWN = """
SELECT s.id, s.owner, s.name, s.callback_url, s.types, s.participants, s.state, s.state_reason,
       s.position, s.per_minute, s.failures, s.failing_since, s.next_attempt_at, s.delivered_at,
       s.created_at, s.changed_at, s.changed_by, f.decided
FROM subscription AS s CROSS JOIN event_feed AS f
"""
_ONE = text(_SHOWN + "WHERE s.id = :id AND (CAST(:owner AS text) IS NULL OR s.owner = :owner)")
_LIST = text(
    _SHOWN
    + """
WHERE (CAST(:owner AS text) IS NULL OR s.owner = :owner)
  AND (CAST(:after AS uuid) IS NULL OR s.id < :after)
ORDER BY s.id DESC LIMIT :most
"""
)
_ATTEMPTS = text("""
SELECT id, kind, seq, event_id, event_type, number, attempted_at, duration_ms, status, error,
       delivered, next_attempt_at
FROM subscription_attempt
WHERE subscription_id = :id AND (CAST(:after AS bigint) IS NULL OR id < :after)
ORDER BY id DESC LIMIT :most
""")
_OPEN = text("SELECT count(*) FROM subscription WHERE owner = :owner AND state <> 'beeindigd'")
_DUE = text("""
SELECT id, callback_url, types, participants, wrapped_key, sealed_token, sealed_signing_key, state,
       position, per_minute, failures, failing_since, changed_at
FROM subscription
WHERE state IN ('aangevraagd', 'actief') AND next_attempt_at <= :now
""")
_PLACE = text("SELECT decided, purged, decided_at FROM event_feed")
_TROUBLE = text("""
SELECT count(*) FILTER (WHERE state = 'opgeschort') AS suspended,
       count(*) FILTER (WHERE failing_since IS NOT NULL
                        AND state IN ('aangevraagd', 'actief')) AS failing
FROM subscription
""")
_HOLD = text("SELECT id FROM subscription WHERE id = :id FOR KEY SHARE")
# A subscription that somebody changed meanwhile is left as they made it.
_SETTLE = text("""
UPDATE subscription SET
    position = greatest(position, coalesce(:position, position)),
    failures = :failures, failing_since = :failing_since, next_attempt_at = :next_attempt_at,
    state = coalesce(:state, state), state_reason = coalesce(:reason, state_reason),
    per_minute = coalesce(:per_minute, per_minute),
    delivered_at = coalesce(:delivered_at, delivered_at),
    wrapped_key = CASE WHEN :state = 'beeindigd' THEN NULL ELSE wrapped_key END,
    sealed_token = CASE WHEN :state = 'beeindigd' THEN NULL ELSE sealed_token END,
    sealed_signing_key = CASE WHEN :state = 'beeindigd' THEN NULL ELSE sealed_signing_key END
WHERE id = :id AND changed_at = :changed_at
RETURNING id
""")
_MOVE = text("""
UPDATE subscription SET position = :position
WHERE id = :id AND changed_at = :changed_at AND position < :position
""")
_FORGET = text("""
DELETE FROM subscription_attempt WHERE id IN (
    SELECT id FROM subscription_attempt WHERE attempted_at < :before ORDER BY id LIMIT :most
)
""")


async def one(rows: Rows, identity: UUID, owner: str | None) -> Row:
    """A subscription; of this owner, unless that is None. Raises NotFound."""
    return await rows.one(_ONE, "Dit abonnement", id=identity, owner=owner)


async def listed(rows: Rows, owner: str | None, after: UUID | None, most: int) -> list[Row]:
    """Subscriptions, the newest first."""
    return await rows.all(_LIST, owner=owner, after=after, most=most)


async def attempts(rows: Rows, identity: UUID, after: int | None, most: int) -> list[Row]:
    """The delivery log of a subscription, the newest first."""
    return await rows.all(_ATTEMPTS, id=identity, after=after, most=most)


async def open_of(rows: Rows, owner: str) -> int:
    """How many subscriptions of this owner have not ended."""
    return int(await rows.value(_OPEN, owner=owner))


async def due(rows: Rows, now: datetime) -> list[Row]:
    """The subscriptions that may be tried now, with their sealed secrets."""
    return await rows.all(_DUE, now=now)


async def place(rows: Rows) -> Row:
    """Up to where the outbox is decided and purged, and since when."""
    return await rows.one(_PLACE)


async def trouble(rows: Rows) -> Row:
    """How many subscriptions are suspended, and how many are failing."""
    return await rows.one(_TROUBLE)


async def hold(work: Work, identity: UUID) -> bool:
    """Keep a subscription from being removed until the commit; False when it is gone."""
    return await work.first(_HOLD, id=identity) is not None


async def settle(
    work: Work,
    subscription: Row,
    verdict: Verdict,
    *,
    position: int | None = None,
    rate: int | None = None,
) -> bool:
    """Store a verdict; False when the subscription was changed meanwhile."""
    rows = await work.all(
        _SETTLE,
        id=subscription["id"],
        changed_at=subscription["changed_at"],
        position=position if verdict.delivered else None,
        failures=verdict.failures,
        failing_since=verdict.failing_since,
        next_attempt_at=verdict.next_attempt_at,
        state=verdict.state,
        reason=verdict.reason,
        per_minute=rate,
        delivered_at=work.now if verdict.delivered and position is not None else None,
    )
    return bool(rows)


async def move(work: Work, subscription: Row, position: int) -> None:
    """Note that nothing up to this place is for the subscriber."""
    await work.execute(
        _MOVE, id=subscription["id"], changed_at=subscription["changed_at"], position=position
    )


def attempted(
    work: Work,
    subscription: Row,
    kind: AttemptKind,
    answer: Answer,
    verdict: Verdict,
    event: Mapping[str, Any],
) -> None:
    """Write an attempt into the delivery log."""
    again = not verdict.delivered and verdict.state is None
    work.insert(
        TABLES.subscription_attempt,
        {
            "subscription_id": subscription["id"],
            "kind": kind,
            "seq": event.get("seq"),
            "event_id": event.get("id"),
            "event_type": event.get("type"),
            "number": subscription["failures"] + 1,
            "attempted_at": work.now,
            "duration_ms": answer.duration_ms,
            "status": answer.status,
            "error": answer.error,
            "delivered": verdict.delivered,
            "next_attempt_at": verdict.next_attempt_at if again else None,
        },
    )


async def forget(work: Work, before: datetime, most: int) -> None:
    """Remove old lines of the delivery log."""
    await work.execute(_FORGET, before=before, most=most)

"""What is stored of subscriptions: reads, and the writes of deliveries."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import MetaData, text

from shared.auth.sight import Sight
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.webhooks.tables import subscription_tables

# Only to name the columns; every service has its own tables of this shape.
TABLES: Final = subscription_tables(MetaData())

_SHOWN = """
SELECT s.id, s.owner, s.name, s.callback_url, s.types, s.everyone, s.participants, s.state,
       s.state_reason, s.position, s.per_minute, s.failures, s.failing_since, s.next_attempt_at,
       s.delivered_at, s.created_at, s.changed_at, s.changed_by, f.decided
FROM subscription AS s CROSS JOIN event_feed AS f
"""
_ONE = text(_SHOWN + "WHERE s.id = :id AND (CAST(:owner AS text) IS NULL OR s.owner = :owner)")
_LOCK = text(
    _SHOWN
    + """
WHERE s.id = :id AND (CAST(:owner AS text) IS NULL OR s.owner = :owner) FOR UPDATE OF s
"""
)
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
SELECT id, callback_url, types, everyone, participants, wrapped_key, sealed_token,
       sealed_signing_key, state, position, per_minute, failures, failing_since, changed_at
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
_MOVE = text("""
UPDATE subscription SET position = :position
WHERE id = :id AND changed_at = :changed_at AND position < :position
""")
_FORGET = text("""
DELETE FROM subscription_attempt WHERE id IN (
    SELECT id FROM subscription_attempt WHERE attempted_at < :before ORDER BY id LIMIT :most
)
""")


def sight_of(row: Row) -> Sight:
    """Whose events the subscriber gets."""
    return Sight.ALL if row["everyone"] else Sight.of(row["participants"])


async def one(rows: Rows, identity: UUID, owner: str | None) -> Row:
    """A subscription; of this owner, unless that is None. Raises NotFound."""
    return await rows.one(_ONE, "Dit abonnement", id=identity, owner=owner)


async def lock(work: UnitOfWork, identity: UUID, owner: str | None) -> Row:
    """The same, locked until the work ends: no other change comes between. Raises NotFound."""
    return await work.one(_LOCK, "Dit abonnement", id=identity, owner=owner)


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


async def move(work: UnitOfWork, subscription: Row, position: int) -> None:
    """Note that nothing up to this place is for the subscriber."""
    await work.execute(
        _MOVE, id=subscription["id"], changed_at=subscription["changed_at"], position=position
    )


async def forget(work: UnitOfWork, before: datetime, most: int) -> None:
    """Remove old lines of the delivery log."""
    await work.execute(_FORGET, before=before, most=most)

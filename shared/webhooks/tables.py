"""The tables that every service keeps for the feed and for its subscriptions."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from shared.webhooks import schema
from shared.webhooks.states import AttemptKind, SubscriptionState

ZERO: Final = text("0")


@dataclass(frozen=True, slots=True)
class SubscriptionTables:
    event_feed: Table
    subscription: Table
    subscription_attempt: Table


def subscription_tables(metadata: MetaData) -> SubscriptionTables:
    """Define event_feed, subscription and subscription_attempt in the metadata of one service."""
    schema.complete(metadata)
    return SubscriptionTables(_feed(metadata), _subscription(metadata), _attempt(metadata))


def _feed(metadata: MetaData) -> Table:
    """One row: up to where the outbox is decided, and up to where it was purged."""
    return Table(
        "event_feed",
        metadata,
        Column("single", Boolean, primary_key=True, server_default=text("true")),
        Column("decided", BigInteger, nullable=False, server_default=ZERO),
        Column("purged", BigInteger, nullable=False, server_default=ZERO),
        _moment("decided_at", nullable=False, server_default=func.now()),
        CheckConstraint("single", name="event_feed_one_row"),
        postgresql_with={"fillfactor": 50},
    )


def _subscription(metadata: MetaData) -> Table:
    table = Table(
        "subscription",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("owner", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("callback_url", Text, nullable=False),
        # NULL: every type.
        Column("types", ARRAY(Text)),
        # Whose events: everybody's in so many words, or those of named participants.
        Column("everyone", Boolean, nullable=False),
        Column("participants", ARRAY(Text), nullable=False),
        # Emptied when the subscription ends.
        Column("wrapped_key", LargeBinary),
        Column("sealed_token", LargeBinary),
        Column("sealed_signing_key", LargeBinary),
        Column("state", Text, nullable=False),
        Column("state_reason", Text),
        Column("position", BigInteger, nullable=False),
        Column("per_minute", Integer),
        Column("failures", Integer, nullable=False, server_default=ZERO),
        _moment("failing_since"),
        _moment("next_attempt_at", nullable=False, server_default=func.now()),
        _moment("delivered_at"),
        _moment("created_at", nullable=False, server_default=func.now()),
        _moment("changed_at", nullable=False, server_default=func.now()),
        Column("changed_by", Text, nullable=False),
        _one_of("state", SubscriptionState, "subscription_state"),
        CheckConstraint("NOT everyone OR cardinality(participants) = 0", name="subscription_sight"),
    )
    Index("subscription_owner", table.c.owner)
    return table


def _attempt(metadata: MetaData) -> Table:
    """The delivery log: every attempt, what came of it, and when the next one is."""
    subscription = ForeignKey("subscription.id", ondelete="CASCADE")
    table = Table(
        "subscription_attempt",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("subscription_id", Uuid, subscription, nullable=False),
        Column("kind", Text, nullable=False),
        Column("seq", BigInteger),
        Column("event_id", Uuid),
        Column("event_type", Text),
        Column("number", Integer, nullable=False),
        _moment("attempted_at", nullable=False),
        Column("duration_ms", Integer, nullable=False),
        Column("status", Integer),
        Column("error", Text),
        Column("delivered", Boolean, nullable=False),
        _moment("next_attempt_at"),
        _one_of("kind", AttemptKind, "subscription_attempt_kind"),
    )
    Index("subscription_attempt_log", table.c.subscription_id, table.c.id)
    Index("subscription_attempt_at", table.c.attempted_at, postgresql_using="brin")
    return table


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **options)


def _one_of(column: str, values: Any, name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)

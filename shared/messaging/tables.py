"""The three messaging tables that every service keeps in its own database."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.messaging.states import ParkedState

# Each outbox row is updated once and deleted once: with the default of 20 % the dead would
# outnumber the living.
BUSY: Final = {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000}


@dataclass(frozen=True, slots=True)
class MessagingTables:
    outbox: Table
    inbox: Table
    parked_event: Table


def messaging_tables(metadata: MetaData) -> MessagingTables:
    """Define outbox, inbox and parked_event in the metadata of one service."""
    return MessagingTables(_outbox(metadata), _inbox(metadata), _parked_event(metadata))


def _outbox(metadata: MetaData) -> Table:
    """Column names follow the Debezium event router, so that CDC could replace the relay."""
    table = Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True)),
        Column("id", Uuid, nullable=False),
        Column("aggregatetype", Text, nullable=False),
        Column("aggregateid", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("payload", LargeBinary, nullable=False),
        _moment("occurred_at"),
        Column("published_at", DateTime(timezone=True)),
        PrimaryKeyConstraint("seq", name="outbox_pkey"),
        UniqueConstraint("id", name="outbox_id_key"),
        # A broker refuses what is larger, for ever: better refused where it is written.
        CheckConstraint("octet_length(payload) <= 900000", name="outbox_payload_size"),
        postgresql_with=BUSY,
    )
    waiting = table.c.published_at.is_(None)
    Index("outbox_unpublished", table.c.seq, postgresql_where=waiting)
    return table


def _inbox(metadata: MetaData) -> Table:
    table = Table(
        "inbox",
        metadata,
        Column("consumer", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        _moment("handled_at"),
        PrimaryKeyConstraint("consumer", "event_id", name="inbox_pkey"),
    )
    Index("inbox_handled_at", table.c.handled_at, postgresql_using="brin")
    return table


def _parked_event(metadata: MetaData) -> Table:
    """Events that failed and the later ones of their key, in the order of seq."""
    states = ", ".join(f"'{state}'" for state in ParkedState)
    table = Table(
        "parked_event",
        metadata,
        Column("seq", BigInteger, Identity(always=True), nullable=False),
        Column("consumer", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("headers", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("payload", LargeBinary, nullable=False),
        Column("error", Text),
        Column("traceback", Text),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        _moment("first_at"),
        _moment("last_at"),
        Column("state", Text, nullable=False, server_default=text(f"'{ParkedState.PARKED}'")),
        Column("discard_reason", Text),
        Column("actor", Text),
        PrimaryKeyConstraint("consumer", "event_id", name="parked_event_pkey"),
        CheckConstraint(f"state IN ({states})", name="parked_event_state"),
        CheckConstraint(
            f"state <> '{ParkedState.DISCARDED}' OR num_nulls(discard_reason, actor) = 0",
            name="parked_event_discard",
        ),
    )
    _index_open(table)
    return table


def _index_open(parked: Table) -> None:
    is_open = parked.c.state.in_([ParkedState.PARKED, ParkedState.RETRY])
    columns: list[Any] = [parked.c.consumer, parked.c.topic, parked.c.key, parked.c.seq]
    Index("parked_event_open", *columns, postgresql_where=is_open)


def _moment(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())

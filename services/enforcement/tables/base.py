"""What all tables of enforcement share: the metadata, and columns that come back."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Sequence,
    Text,
    text,
)

from shared.http.idempotency import idempotency_table
from shared.messaging.tables import messaging_tables
from shared.numbers import BLOCK
from shared.subscriptions.tables import subscription_tables

metadata = MetaData()
messaging = messaging_tables(metadata)
subscriptions = subscription_tables(metadata)
idempotency = idempotency_table(metadata)

inspection_number = Sequence("inspection_number", increment=BLOCK, metadata=metadata)
violation_number = Sequence("violation_number", increment=BLOCK, metadata=metadata)
measure_number = Sequence("measure_number", increment=BLOCK, metadata=metadata)


def one_of(column: str, values: Iterable[StrEnum], name: str) -> CheckConstraint:
    """The column holds one of the Dutch values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """An instant."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def version() -> Column[Any]:
    """The version of an aggregate."""
    return Column("version", Integer, nullable=False, server_default=text("1"))


def validity() -> tuple[Column[Any], ...]:
    """From when to when something holds, and who decided that."""
    return (
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        Column("confirmed", Boolean, nullable=False, server_default=text("false")),
        Column("decision_reference", Text),
    )


def work_order(is_open: str, due: str, done: str) -> str:
    """Open things by what is due first, then finished ones, the latest first: one number."""
    since = "DATE '1990-01-01'"
    return f"CASE WHEN {is_open} THEN {due} - {since} ELSE 1000000 - ({done} - {since}) END"

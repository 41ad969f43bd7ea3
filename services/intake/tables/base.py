"""What all tables of intake share: the metadata, and columns that come back."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
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

complaint_number = Sequence("complaint_number", increment=BLOCK, metadata=metadata)
incident_number = Sequence("incident_number", increment=BLOCK, metadata=metadata)


def one_of(column: str, values: Iterable[StrEnum], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def version() -> Column[Any]:
    return Column("version", Integer, nullable=False, server_default=text("1"))


def address() -> tuple[Column[Any], ...]:
    names = ("street", "house_number", "postcode", "city")
    return tuple(Column(name, Text) for name in names)


def point() -> tuple[Column[Any], ...]:
    return tuple(Column(name, Double) for name in ("lon", "lat", "rd_x", "rd_y"))


def validity() -> tuple[Column[Any], ...]:
    return (
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        Column("confirmed", Boolean, nullable=False, server_default=text("false")),
        Column("decision_reference", Text),
    )

"""What all tables of reporting share: the metadata, and columns that come back."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    MetaData,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from shared.db.columns import moment, version
from shared.db.schema import before_tables
from shared.documents.tables import documents_table
from shared.kernel_tables import kernel_tables

metadata = MetaData()
messaging, idempotency = kernel_tables(metadata)
document = documents_table(metadata)

# A range of one text: an exclusion on equal texts without an extension.
before_tables(metadata, "CREATE TYPE text_range AS RANGE (subtype = text)")


def decided() -> tuple[Column[Any], ...]:
    """Who proposed a row, who put it in force and on what decision (four eyes)."""
    return (
        Column("decision_reference", Text, nullable=False),
        Column("confirmed", Boolean, nullable=False, server_default=text("false")),
        Column("proposed_by", Text, nullable=False),
        Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("activated_by", Text),
        moment("activated_at", nullable=True),
    )


def versioned() -> tuple[Column[Any], ...]:
    """A row with a validity: from the first day up to, not including, the last."""
    return (
        Column("id", Uuid, primary_key=True),
        version(),
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        *decided(),
    )


def four_eyes(name: str) -> CheckConstraint:
    return CheckConstraint("activated_by <> proposed_by", name=f"{name}_four_eyes")


def ordered(name: str) -> CheckConstraint:
    return CheckConstraint("valid_until > valid_from", name=f"{name}_validity")


def one_at_a_time(name: str, key: str) -> ExcludeConstraint:
    """No two rows in force of one key on one day."""
    return ExcludeConstraint(
        (text(f"text_range({key}, {key}, '[]')"), "&&"),
        (text("daterange(valid_from, valid_until)"), "&&"),
        where=text("activated_at IS NOT NULL"),
        using="gist",
        name=f"{name}_one_at_a_time",
    )

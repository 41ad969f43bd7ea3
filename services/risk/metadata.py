"""What all tables of risk share: the metadata, and columns that come back."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData

from shared.kernel_tables import kernel_tables
from shared.participants import participant_table

metadata: Final = MetaData()
messaging, idempotency = kernel_tables(metadata)
participant: Final = participant_table(metadata)


def needed(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """A column that may not be empty."""
    return Column(name, kind, *more, nullable=False, **options)


def moment(name: str, **options: Any) -> Column[Any]:
    """A moment with its time zone."""
    return Column(name, DateTime(timezone=True), **options)

"""What an import needs to know of a kind of row; the engine that reads files is in deploy."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, func

from shared.db.unit_of_work import UnitOfWork

# Between the name of a source and its own key.
SEPARATOR = "/"


class Rejection(NamedTuple):
    """A row that was not stored, by the key of its source, and why (Dutch)."""

    source_key: str
    reason: str


class ImportRow(BaseModel):
    """The base of every row: it is known by the key that its source gave it."""

    source_key: str = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class ImportSpec:
    """One kind of import: its typed row, and how a batch of rows is stored.

    `store` is idempotent by `source_key` and publishes what the commands would publish. `correct`
    takes rows that were stored before and that the source changed since; without it such a row is
    refused, so that nobody takes a file for stored that was not.
    """

    kind: str
    row: type[ImportRow]
    store: Callable[[Sequence[Any], UnitOfWork], Awaitable[list[Rejection]]]
    correct: Callable[[Sequence[Any], UnitOfWork], Awaitable[list[Rejection]]] | None = None


def imported_row_table(metadata: MetaData) -> Table:
    """What was taken over of each row: a hash tells whether its source changed it since."""
    return Table(
        "imported_row",
        metadata,
        Column("kind", Text, primary_key=True),
        Column("source_key", Text, primary_key=True),
        Column("content_hash", LargeBinary, nullable=False),
        Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def key_of(source: str, key: str) -> str:
    """The key of a row as it is stored: unique within its source alone."""
    return f"{source}{SEPARATOR}{key}"

"""What an import needs to know of a kind of row; the engine that reads files is in deploy."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from shared.db.unit_of_work import UnitOfWork


class Rejection(NamedTuple):
    """A row that was not stored, by the key of its source, and why (Dutch)."""

    source_key: str
    reason: str


class ImportRow(BaseModel):
    """The base of every row: it is known by the key that its source gave it."""

    source_key: str


@dataclass(frozen=True, slots=True)
class ImportSpec:
    """One kind of import: its typed row, and how a batch of rows is stored.

    `store` is idempotent by `source_key` and publishes what the handlers would publish.
    """

    kind: str
    row: type[ImportRow]
    store: Callable[[Sequence[Any], UnitOfWork], Awaitable[list[Rejection]]]

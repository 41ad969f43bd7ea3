"""What an import needs to know of a kind of row; the engine that reads files is in deploy."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import asyncpg
from pydantic import BaseModel, Field
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, func

from shared.db.unit_of_work import UnitOfWork
from shared.errors import InvalidParam, NotAllowed, Refused, conflict

# Between the name of a source and its own key.
SEPARATOR = "/"
# Who is written down as the one who did what another system brings.
TAKEN_OVER: Final = "Overgenomen uit een ander systeem"
# Rows that are tried in one savepoint; only where one is refused each gets its own.
TOGETHER: Final = 50


class InHours:
    """Marks a field that counts hours: a cell may write it as 7:30."""


IN_HOURS: Final = InHours()


class Rejection(NamedTuple):
    """A row that was not stored, by the key of its source, and why (Dutch)."""

    source_key: str
    reason: str


class ImportRow(BaseModel):
    """The base of every row: it is known by the key that its source gave it."""

    source_key: str = Field(min_length=1, max_length=200)

    @property
    def source(self) -> str:
        """The name of the system that the row comes from."""
        return source_of(self.source_key)


Row = TypeVar("Row", bound=ImportRow)
Store: TypeAlias = Callable[[Sequence[Any], UnitOfWork], Awaitable[list[Rejection]]]


@dataclass(frozen=True, slots=True)
class ImportSpec:
    """One kind of import: its typed row, and how a batch of rows is stored.

    `store` gives rows to the commands of API and screens; it is idempotent by
    `source_key`. `correct` takes rows that were stored before and that the source changed since:
    the command that corrects such a thing, or a refusal that says why it cannot be corrected.
    """

    kind: str
    row: type[ImportRow]
    store: Store
    correct: Store
    # What of a row can still change once it was taken over (Dutch; stands in the guide).
    correction: str


async def row_by_row(
    rows: Sequence[Row], work: UnitOfWork, act: Callable[[Row], Awaitable[object]]
) -> list[Rejection]:
    """Give each row to its commands; of a row that is refused nothing is stored."""
    rejections: list[Rejection] = []
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        if await refusal_of(part, work, act) is not None:
            for row in part:
                refused = await refusal_of([row], work, act)
                if refused is not None:
                    rejections.append(Rejection(row.source_key, refused))
    return rejections


async def refusal_of(
    rows: Sequence[Row], work: UnitOfWork, act: Callable[[Row], Awaitable[object]]
) -> str | None:
    """Why one of these rows was refused, and with it all of them; None when all are stored."""
    try:
        async with work.savepoint():
            for row in rows:
                await act(row)
    except (Refused, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        return reason_of(error)
    return None


def reason_of(error: Exception) -> str:
    """Why something was refused, in one line."""
    if isinstance(error, Refused):
        said = "; ".join(f"{param.name}: {param.reason}" for param in error.params)
        return said or error.detail
    return f"de database weigert deze regel ({type(error).__name__})"


def require_complete(row: ImportRow, needed: str, *names: str) -> None:
    """Raises Conflict for a field that says nothing without another one that is empty."""
    given = next((name for name in names if getattr(row, name) is not None), None)
    if given is not None and getattr(row, needed) is None:
        raise conflict(needed, "verplicht", f"Vul dit in: {given} zegt er iets over.")


def require_same(what: str, before: dict[str, Any], row: ImportRow) -> None:
    """Raises NotAllowed, with the old value, for a field that cannot change after it was stored."""
    wrong = tuple(
        InvalidParam(name, "ligt-vast", f"was {_shown(value)}, en ligt vast")
        for name, value in before.items()
        if getattr(row, name) != value
    )
    if wrong:
        said = "; ".join(f"{param.name} {param.reason}" for param in wrong)
        refused = NotAllowed(f"{what} kan zo niet worden gecorrigeerd: {said}", article="correctie")
        refused.params = wrong
        raise refused


def _shown(value: object) -> str:
    return "leeg" if value is None else f"'{value}'"


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


def source_of(key: str) -> str:
    """The name of the source of a key."""
    return key.partition(SEPARATOR)[0]


def own_key(key: str) -> str:
    """A key as its source wrote it."""
    return key.partition(SEPARATOR)[2]


def not_taken_over(what: str, row: ImportRow, key: str) -> str:
    """Why a row is refused that names something of its source which is not known here."""
    return f"{what} {key} van {row.source} is hier niet bekend: neem die eerst over"


def beside(key: str, other: str | None) -> str | None:
    """Another key of the same source, as it is stored."""
    return key_of(source_of(key), other) if other else None

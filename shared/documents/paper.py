"""A document without a form: what a template makes, and every form draws."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from shared.money import NBSP
from shared.ui.formats import datum, euro, getal, uren


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in euro, to the cent."""

    value: Decimal

    def __str__(self) -> str:
        return euro(self.value)


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount in euro with all its decimals."""

    value: Decimal

    def __str__(self) -> str:
        decimals = max(2, -int(self.value.normalize().as_tuple().exponent))
        return f"€{NBSP}{getal(self.value, decimals)}"


@dataclass(frozen=True, slots=True)
class Hours:
    """A duration in whole minutes."""

    value: int

    def __str__(self) -> str:
        return uren(self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is."""

    value: Decimal | int

    def __str__(self) -> str:
        return getal(self.value)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or none."""

    value: date | None

    def __str__(self) -> str:
        return datum(self.value)


Cell: TypeAlias = Text | Money | Rate | Hours | Number | Day
NUMERIC = (Money, Rate, Hours, Number)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; a line ends where the text has an end of line."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts; the note says what the value means."""

    label: str
    value: Cell
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A list of facts under a name."""

    caption: str
    lines: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column names the row. `total` is the last line, or empty."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(row) for row in (*self.rows, *filter(None, [self.total]))}
        if lengths - {len(self.columns)}:
            raise ValueError(f"a row of {self.caption!r} has another length than its columns")

    def is_numeric(self, column: int) -> bool:
        """Whether the column is aligned to the right."""
        return bool(self.rows) and all(isinstance(row[column], NUMERIC) for row in self.rows)


Block: TypeAlias = Heading | Paragraph | Facts | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, in the language of its readers: Dutch."""

    title: str
    agency: str
    dated: date
    blocks: tuple[Block, ...]
    reference: str = ""

"""A statement with the type of its rows: checked at import, run as fast as a bare record.

    ORDER = Query(OrderRow, select(measure.c.id, measure.c.state).where(visible(measure), ...))
    order = await rows.one(ORDER, "Deze maatregel", id=identity, sight=ctx.sight)

A row type is a frozen slots dataclass or a NamedTuple with a field for each column; any other type
stands for the only column. A `text()` tells its columns by `.columns(...)`, or is checked when its
first row comes.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import starmap
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Label, TextClause, type_coerce
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import NULLTYPE, TypeEngine

from shared.db.row_types import (
    Convert,
    Field,
    converter,
    fields_of,
    is_row_type,
    may_be_null,
    not_the_fields,
    open_twin,
    outer_joined,
    scalar,
)
from shared.db.statements import Compiled, compiled

R = TypeVar("R")


def present(column: Column[Any], name: str | None = None) -> Label[Any]:
    """A nullable column that this statement never gives as NULL: it is checked row by row."""
    return type_coerce(column, column.type).label(name or column.name)


class Query(Generic[R]):
    """A statement whose rows have the type R."""

    __slots__ = (
        *("_compiled", "_convert", "_fields", "_make", "_order", "_required", "_scalar"),
        *("_seen", "_twin", "row", "statement"),
    )

    def __init__(self, row: type[R], statement: Executable) -> None:
        """Raises TypeError when the columns of the statement are not the fields of the type."""
        self.row = row
        self.statement = statement
        self._compiled: Compiled | None = None
        self._scalar = not is_row_type(row)
        self._fields = [scalar(row)] if self._scalar else fields_of(row)
        self._twin = None if self._scalar else open_twin(row)
        self._make: Callable[..., Any] = self._twin or (_only if self._scalar else row)
        self._order: Callable[[Any], tuple[Any, ...]] | None = None
        self._required: tuple[int, ...] = ()
        self._convert: tuple[tuple[int, Convert], ...] = ()
        # The columns of a bare text are known when the first row comes.
        self._seen = not isinstance(statement, TextClause)
        if self._seen:
            self._check()

    @property
    def compiled(self) -> Compiled:
        """The text and the arguments of the statement, made when it is first run."""
        if self._compiled is None:
            self._compiled = compiled(self.statement)
        return self._compiled

    def many(self, records: Sequence[Mapping[str, Any]]) -> list[R]:
        """The rows of these records. Raises TypeError for NULL in a field that cannot be None."""
        if not records:
            return []
        if not self._seen:
            self._see(list(records[0].keys()))
        values: Any = records if self._order is None else map(self._order, records)
        if self._required or self._convert:
            values = map(self._converted, values)
        rows = list(starmap(self._make, values))
        if self._twin is not None:
            kind = self.row
            for row in rows:
                row.__class__ = kind
        return rows

    def first(self, records: Sequence[Mapping[str, Any]]) -> R | None:
        """The first of these records, or None; an only column that is NULL is None too."""
        if not records or (self._scalar and next(iter(records[0].values())) is None):
            return None
        return self.many(records[:1])[0]

    def _check(self) -> None:
        """Compare the columns that the statement declares with the fields."""
        columns = self.statement.exported_columns  # type: ignore[attr-defined]
        names = list(columns.keys())
        self._arrange(names)
        outer = outer_joined(self.statement)
        found = dict(zip(self._names(names), columns.values(), strict=True))
        kinds, required = [], []
        for place, field in enumerate(self._fields):
            column = found[field.name]
            null = may_be_null(self.statement, column, outer)
            if null and not (field.optional or self._scalar):
                raise TypeError(f"{self.row.__name__}.{field.name} may be NULL: let it be None")
            if null is not False and not field.optional:
                required.append(place)
            kinds.append((field, column.type))
        self._required = tuple(required)
        self._converters(kinds)

    def _see(self, names: list[str]) -> None:
        """Compare the columns that came with the fields."""
        self._arrange(names)
        self._required = tuple(n for n, field in enumerate(self._fields) if not field.optional)
        self._converters([(field, NULLTYPE) for field in self._fields])
        self._seen = True

    def _arrange(self, names: list[str]) -> None:
        """Find the order of the columns in that of the fields."""
        named = self._names(names)
        if wrong := not_the_fields(self.row, self._fields, named):
            raise TypeError(wrong)
        places = [named.index(field.name) for field in self._fields]
        if places != list(range(len(places))):
            self._order = itemgetter(*places)

    def _names(self, names: list[str]) -> list[str]:
        """The name of the only column does not matter."""
        return [self._fields[0].name] if self._scalar and len(names) == 1 else names

    def _converters(self, kinds: Sequence[tuple[Field, TypeEngine[Any]]]) -> None:
        made = [(place, converter(field, kind)) for place, (field, kind) in enumerate(kinds)]
        self._convert = tuple((place, convert) for place, convert in made if convert is not None)

    def _converted(self, record: Any) -> list[Any]:
        values = list(record)
        for place in self._required:
            if values[place] is None:
                field = self._fields[place]
                raise TypeError(f"{self.row.__name__}.{field.name} is NULL, and cannot be None")
        for place, convert in self._convert:
            if (value := values[place]) is not None:
                values[place] = convert(value)
        return values


def _only(value: R) -> R:
    return value

"""A list in pages: only what was asked for is in the statement, and every page costs the same.

    WORK_LIST = Listing(
        InspectionRow,
        select(...).where(visible(inspection)),
        filters={"states": one_of(inspection.c.state, "states"), ...},
        order=(inspection.c.work_order, inspection.c.id),
    )
    found = await WORK_LIST.page(ctx.rows, paging, sight=ctx.sight, states=["gepland"], kind=None)

A page starts after a key: the values that the last row of the page before it has in the columns of
the order. These are fields of the row too, are never NULL, and the last of them is unique.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Generic, Protocol, TypeVar, overload
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Label,
    Select,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)

from shared.db.query import Query
from shared.db.rows import Rows
from shared.errors import InvalidParam, NotFound

R = TypeVar("R")

# Above a list it says "meer dan 1.000" when there are more: who counts on reads them all.
COUNTED_TO: Final = 1_000
_AFTER, _LIMIT = "after_{}", "rows_at_most"
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Start(Protocol):
    """Where a page starts, and how many rows it has."""

    @property
    def after(self) -> tuple[Any, ...] | None:
        """The key of the last row before it; None for the first page."""

    @property
    def limit(self) -> int:
        """At most so many rows."""


@dataclass(frozen=True, slots=True)
class Page(Sequence[R], Generic[R]):
    """The rows of a page, and where the next one starts when more follow."""

    rows: list[R]
    next_key: tuple[Any, ...] | None = None

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R]: ...
    def __getitem__(self, index: int | slice) -> R | Sequence[R]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)


class Listing(Generic[R]):
    """One list: its rows, the filters it may take, and the order in which it is read."""

    def __init__(
        self,
        row: type[R],
        statement: Select[Any],
        *,
        filters: Mapping[str, ColumnElement[bool]],
        order: Sequence[ColumnElement[Any]],
        descending: bool = False,
        flags: Mapping[str, ColumnElement[bool]] | None = None,
    ) -> None:
        """Each flag is a limit without a value: it holds when it is given as true.

        Raises TypeError when the row type does not fit, or lacks a column of the order.
        """
        self._row = row
        self._statement = statement
        self._filters = filters
        self._flags = flags or {}
        self._order = tuple(order)
        self._fields = tuple(str(column.key) for column in order)
        self._descending = descending
        self._parsers = tuple(_parser(column) for column in order)
        self._pages: dict[tuple[frozenset[str], bool], Query[R]] = {}
        self._counts: dict[frozenset[str], Query[int]] = {}
        self._page(frozenset(), more=False)
        if missing := [name for name in self._fields if not hasattr(row, name)]:
            raise TypeError(f"{row.__name__} lacks what it is sorted by: {', '.join(missing)}")

    async def page(self, rows: Rows, start: Start, **params: Any) -> Page[R]:
        """A page; a filter that is None does not limit. Raises NotFound for a strange start."""
        names, given = self._given(params)
        if start.after is not None:
            given |= self._key(start.after)
        query = self._page(names, more=start.after is not None)
        found = await rows.all(query, **given, **{_LIMIT: start.limit + 1})
        if len(found) <= start.limit:
            return Page(found)
        last = found[start.limit - 1]
        key = tuple(getattr(last, name) for name in self._fields)
        return Page(found[: start.limit], key)

    async def count(self, rows: Rows, at_most: int, **params: Any) -> int:
        """How many rows the filters leave; counting ends at one more than `at_most`."""
        names, given = self._given(params)
        query = self._counts.get(names)
        if query is None:
            limited = self._limited(names).with_only_columns(literal(1).label("one"))
            found = limited.limit(bindparam(_LIMIT, type_=Integer)).subquery()
            query = self._counts[names] = Query(int, select(func.count()).select_from(found))
        return await rows.value(query, **given, **{_LIMIT: at_most + 1}) or 0

    def _given(self, params: Mapping[str, Any]) -> tuple[frozenset[str], dict[str, Any]]:
        given = {
            name: value
            for name, value in params.items()
            if name not in self._flags and (value is not None or name not in self._filters)
        }
        raised = frozenset(name for name in self._flags if params.get(name))
        return raised | frozenset(given) & frozenset(self._filters), given

    def _limited(self, names: frozenset[str]) -> Select[Any]:
        limits = {**self._filters, **self._flags}
        conditions = (condition for name, condition in limits.items() if name in names)
        return self._statement.where(*conditions)

    def _page(self, names: frozenset[str], *, more: bool) -> Query[R]:
        query = self._pages.get((names, more))
        if query is None:
            statement = self._limited(names)
            if more:
                statement = statement.where(self._after())
            order = (each.desc() if self._descending else each.asc() for each in self._order)
            ordered = statement.order_by(*order).limit(bindparam(_LIMIT, type_=Integer))
            query = self._pages[names, more] = Query(self._row, ordered)
        return query

    def _after(self) -> ColumnElement[bool]:
        key = tuple_(
            *(
                bindparam(_AFTER.format(number), type_=column.type)
                for number, column in enumerate(self._order)
            )
        )
        place = tuple_(*self._order)
        return place < key if self._descending else place > key

    def _key(self, after: tuple[Any, ...]) -> dict[str, Any]:
        if len(after) != len(self._parsers):
            raise bad_cursor()
        try:
            return {
                _AFTER.format(number): parse(value)
                for number, (parse, value) in enumerate(zip(self._parsers, after, strict=True))
            }
        except (TypeError, ValueError, InvalidOperation, OverflowError):
            raise bad_cursor() from None


def counted(name: str, *conditions: ColumnElement[bool]) -> Label[int]:
    """A column: how many rows the conditions leave, counted to one more than COUNTED_TO."""
    some = select(literal(1).label("one")).where(*conditions).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery().label(name)


def bad_cursor() -> NotFound:
    """No page starts at this cursor: it was not given out for this list."""
    reason = "Gebruik de cursor uit de Link-header van de vorige pagina."
    return NotFound("Deze pagina bestaat niet.", params=(InvalidParam("cursor", "cursor", reason),))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("no text")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


def _decimal(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError("no number")
    return number


def _whole(value: Any, smallest: int = _SMALLEST, largest: int = _LARGEST) -> int:
    if type(value) is not int or not smallest <= value <= largest:
        raise ValueError("no whole number of this size")
    return value


def _number(value: Any) -> int:
    return _whole(value, -(2**31), 2**31 - 1)


_PARSERS: Final[Mapping[type, Callable[[Any], Any]]] = {
    str: _text,
    int: _whole,
    Decimal: _decimal,
    float: lambda value: float(_decimal(value)),
    UUID: lambda value: UUID(_text(value)),
    date: lambda value: date.fromisoformat(_text(value)),
    datetime: _moment,
}


def _parser(column: ColumnElement[Any]) -> Callable[[Any], Any]:
    """What makes a value of the column of what stands in a cursor."""
    kind = column.type.python_type
    if kind is int and not isinstance(column.type, BigInteger):
        return _number
    return _PARSERS[kind]

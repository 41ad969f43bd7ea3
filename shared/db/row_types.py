"""Types of rows: which fields they have, and what makes a value of a column a value of a field."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin
from typing import get_type_hints as hints_of
from uuid import UUID

from sqlalchemy import ARRAY, JSON, Alias, Column, ColumnElement, Label, Table
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import FromClause, Join, Select
from sqlalchemy.types import NullType, TypeEngine

Convert: TypeAlias = Callable[[Any], Any]

# As asyncpg gives them; a value of one of these types is taken for no other.
PLAIN: Final = (str, bytes, bool, int, float, Decimal, UUID, datetime, date, time, timedelta)
COLLECTIONS: Final = (list, tuple, set, frozenset)
LISTS: Final = (Sequence, Collection)


class Field(NamedTuple):
    """One field of a row type: its type without None, and whether None is allowed."""

    name: str
    type: Any
    optional: bool


def is_row_type(row: type) -> bool:
    """A dataclass or a NamedTuple: a field for each column."""
    return dataclasses.is_dataclass(row) or hasattr(row, "_fields")


def fields_of(row: type) -> list[Field]:
    """The fields in the order in which the type is made. Raises TypeError for one without."""
    if dataclasses.is_dataclass(row):
        declared = [field for field in dataclasses.fields(row) if field.init]
        if any(field.kw_only for field in declared):
            raise TypeError(f"{row.__name__} is made by position: it may not be kw_only")
        names = [field.name for field in declared]
    else:
        names = list(row._fields)  # type: ignore[attr-defined]
    hints = hints_of(row)
    return [_field(name, hints[name]) for name in names]


def scalar(kind: type) -> Field:
    """The only field of a row that is one value."""
    return Field("value", _plain(kind), optional=False)


def open_twin(row: type) -> type | None:
    """A class whose objects become rows by setting their class; None where that cannot be.

    A frozen dataclass sets each field by a call: its objects take seven times as long to make.
    """
    if not dataclasses.is_dataclass(row) or hasattr(row, "__post_init__"):
        return None
    fields = dataclasses.fields(row)
    if row.__mro__ != (row, object) or not all(field.init for field in fields):
        return None
    twin = dataclasses.make_dataclass(row.__name__, [field.name for field in fields], slots=True)
    try:
        twin(*fields).__class__ = row
    except TypeError:
        return None
    return twin


def _field(name: str, hint: Any) -> Field:
    if get_origin(hint) in (Union, UnionType):
        arms = get_args(hint)
        rest = [_plain(arm) for arm in arms if arm is not NoneType]
        return Field(name, rest[0] if len(rest) == 1 else Any, NoneType in arms)
    return Field(name, _plain(hint), hint is Any)


def _plain(hint: Any) -> Any:
    """Without the name that NewType gave it."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


class Members(dict[Any, Any]):
    """The members of an enumeration by value: found faster than by calling the class."""

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__({member.value: member for member in kind})
        self._kind = kind

    def __missing__(self, value: Any) -> Any:
        return self._kind(value)


def converter(field: Field, kind: TypeEngine[Any]) -> Convert | None:
    """What makes the field's type of a value of the column; None when it is that already.

    Raises TypeError when the one can never be the other.
    """
    if isinstance(kind, NullType | JSON):
        return _of_unknown(field.type)
    if isinstance(kind, ARRAY):
        return _of_array(field, kind)
    try:
        given = kind.python_type
    except NotImplementedError:
        # How SQLAlchemy says that a type has no single one in Python.
        return _of_unknown(field.type)
    return _of_plain(field, given)


def _of_unknown(declared: Any) -> Convert | None:
    origin = get_origin(declared) or declared
    if origin in (tuple, set, frozenset):
        return _gather(origin, None)
    return _made(declared) if isinstance(declared, type) and declared not in PLAIN else None


def _of_array(field: Field, kind: ARRAY[Any]) -> Convert | None:
    if field.type is Any:
        return None
    declared = get_origin(field.type) or field.type
    if declared not in (*COLLECTIONS, *LISTS):
        raise TypeError(f"{field.name}: an array does not become {field.type}")
    arguments = get_args(field.type)
    item = Field(field.name, _plain(arguments[0]) if arguments else Any, optional=True)
    return _gather(declared, converter(item, kind.item_type))


def _gather(declared: Any, each: Convert | None) -> Convert | None:
    gather = declared if declared in (tuple, set, frozenset) else list
    if each is None:
        return None if gather is list else gather
    return lambda values: gather(map(each, values))


def _of_plain(field: Field, given: type) -> Convert | None:
    declared = field.type
    if get_origin(declared) is Literal:
        declared = type(get_args(declared)[0])
    if declared in (Any, given, object):
        return None
    if isinstance(declared, type) and issubclass(declared, given) and declared not in PLAIN:
        return _made(declared)
    raise TypeError(f"{field.name}: {given.__name__} does not become {field.type}")


def _made(declared: type) -> Convert | None:
    if issubclass(declared, Enum):
        return Members(declared).__getitem__
    return declared if issubclass(declared, PLAIN) else None


def may_be_null(
    statement: object, column: ColumnElement[Any], optional: Collection[FromClause]
) -> bool | None:
    """Whether the column can be NULL; None when only the running statement knows."""
    if not isinstance(statement, Select | UpdateBase):
        return None
    while isinstance(column, Label):
        column = column.element
    if not isinstance(column, Column):
        return None
    source: FromClause | None = column.table
    if isinstance(source, Alias):
        source = source.element
    if not isinstance(source, Table):
        return None
    return bool(column.nullable) or column.table in optional


def outer_joined(statement: object) -> set[FromClause]:
    """The tables of a select whose columns are all NULL where nothing was joined."""
    found: set[FromClause] = set()
    if isinstance(statement, Select):
        for source in statement.get_final_froms():
            _gather_outer(source, found, optional=False)
    return found


def _gather_outer(source: FromClause, found: set[FromClause], *, optional: bool) -> None:
    if isinstance(source, Join):
        _gather_outer(source.left, found, optional=optional or source.full)
        _gather_outer(source.right, found, optional=optional or source.isouter or source.full)
    elif optional:
        found.add(source)


def not_the_fields(row: type, fields: Sequence[Field], names: Collection[str]) -> str | None:
    """What is wrong with these columns for this type, in words."""
    expected = {field.name for field in fields}
    if missing := sorted(expected - set(names)):
        return f"{row.__name__} needs: {', '.join(missing)}"
    if unknown := sorted(set(names) - expected):
        return f"{row.__name__} has no: {', '.join(unknown)}"
    return None

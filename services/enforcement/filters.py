"""Conditions that come back in the reads: whose rows, filters, and where a page starts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from shared.db.rows import Row
from shared.http.paging import Paging, bad_cursor

SMALLEST, LARGEST = -(2**31), 2**31 - 1


def visible(table: Table) -> ColumnElement[bool]:
    """Rows of the caller's participants; :participants is None for the agency, which sees all."""
    allowed = bindparam("participants", type_=ARRAY(Text))
    return or_(allowed.is_(None), table.c.participant == func.any(allowed))


def given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has the value of the parameter, or the parameter was not given."""
    value = bindparam(name, type_=column.type)
    return or_(value.is_(None), column == value)


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has one of the values of the parameter, or the parameter was not given."""
    values = bindparam(name, type_=ARRAY(Text))
    return or_(values.is_(None), column == func.any(values))


def matching(*columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """One of the columns holds the words of the parameter `like`, or it was not given."""
    words = bindparam("like", type_=Text)
    return or_(words.is_(None), *(column.ilike(words) for column in columns))


def like(words: str) -> str | None:
    """The words as a pattern; None without words."""
    plain = words.strip().replace("\x00", "").replace("\\", "\\\\")
    plain = plain.replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if plain else None


def page_of(
    found: list[Row], page: Paging, *names: str
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """The rows of a page, and the key of its last row when more follow."""
    if len(found) <= page.limit:
        return found, None
    last = found[page.limit - 1]
    return found[: page.limit], tuple(last[name] for name in names)


def number_and_id(after: tuple[Any, ...]) -> tuple[int, UUID]:
    """A cursor of a number and an id. Raises Invalid for another list's cursor."""
    try:
        order, identity = after
        number = int(order)
        if not SMALLEST <= number <= LARGEST:
            raise bad_cursor()
        return number, UUID(str(identity))
    except (TypeError, ValueError, OverflowError):
        raise bad_cursor() from None


def day_and_id(after: tuple[Any, ...]) -> tuple[date, UUID]:
    """A cursor of a day and an id. Raises Invalid for another list's cursor."""
    try:
        day, identity = after
        return date.fromisoformat(str(day)), UUID(str(identity))
    except (TypeError, ValueError):
        raise bad_cursor() from None

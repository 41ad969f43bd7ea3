"""Conditions that come back in the reads, by the name of a parameter."""

from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY


def equals(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has the value of the parameter."""
    return column == bindparam(name, type_=column.type)


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has one of the values of the parameter, a list."""
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def matching(name: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """One of the columns holds the words of the parameter, a pattern that `like` made."""
    words = bindparam(name, type_=Text)
    return or_(*(column.ilike(words) for column in columns))


def like(words: str) -> str | None:
    """The words as a pattern; None without words."""
    plain = words.strip().replace("\x00", "").replace("\\", "\\\\")
    plain = plain.replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if plain else None

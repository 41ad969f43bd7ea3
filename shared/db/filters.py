"""Conditions that come back in the reads, by the name of a parameter."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY


def equals(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has the value of the parameter."""
    return column == bindparam(name, type_=column.type)


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The column has one of the values of the parameter, a list."""
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def like(words: str) -> str | None:
    """The words as a pattern; None without words."""
    plain = words.strip().replace("\x00", "").replace("\\", "\\\\")
    plain = plain.replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if plain else None

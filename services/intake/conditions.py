"""Conditions that come back in the reads: whose rows, and where a page starts."""

from typing import Any

from sqlalchemy import ColumnElement, Table, Text, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY


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

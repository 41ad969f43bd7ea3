"""A dataclass whose fields are the columns of a table: which columns to read, and what to write."""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@cache
def names_of(row: "type[DataclassInstance]") -> tuple[str, ...]:
    """The names of the fields, in order."""
    return tuple(field.name for field in fields(row))


def columns_of(row: "type[DataclassInstance]", table: Table) -> tuple[Column[Any], ...]:
    """The columns of the table that the class has as fields, in the order of the fields."""
    return tuple(table.c[name] for name in names_of(row) if name in table.c)


def values_of(row: "DataclassInstance") -> dict[str, Any]:
    """The value of every field, as it is."""
    return {name: getattr(row, name) for name in names_of(type(row))}

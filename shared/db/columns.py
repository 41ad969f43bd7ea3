"""Columns and checks that come back in the tables of every service."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Double, Integer, Text, text


def one_of(column: str, values: Iterable[StrEnum], name: str) -> CheckConstraint:
    """The column holds one of the Dutch values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def needed(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """A column that may not be empty."""
    return Column(name, kind, *more, nullable=False, **options)


def moment(name: str, *, nullable: bool = False, **options: Any) -> Column[Any]:
    """An instant."""
    return Column(name, DateTime(timezone=True), nullable=nullable, **options)


def version() -> Column[Any]:
    """The version of an aggregate, counted from 1."""
    return Column("version", Integer, nullable=False, server_default=text("1"))


def address() -> tuple[Column[Any], ...]:
    """An address, as far as it is known."""
    return tuple(Column(name, Text) for name in ("street", "house_number", "postcode", "city"))


def point(*, nullable: bool = True) -> tuple[Column[Any], ...]:
    """A place in WGS 84 (degrees) and in RD (metres)."""
    names = ("lon", "lat", "rd_x", "rd_y")
    return tuple(Column(name, Double, nullable=nullable) for name in names)


def validity() -> tuple[Column[Any], ...]:
    """From when to when something holds, and who decided that."""
    return (
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        Column("confirmed", Boolean, nullable=False, server_default=text("false")),
        Column("decision_reference", Text),
    )

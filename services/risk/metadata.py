"""The metadata that every part's tables belong to."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData

metadata: Final = MetaData()


def needed(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """A column that may not be empty."""
    return Column(name, kind, *more, nullable=False, **options)


def moment(name: str, **options: Any) -> Column[Any]:
    """A moment with its time zone."""
    return Column(name, DateTime(timezone=True), **options)

"""From a row to an aggregate and back: the fields of the dataclass are the columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from shared.db.rows import Row

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Mapped(Generic[A]):
    """How one class is kept; `kinds` turns stored values into the types of the domain."""

    cls: type[A]
    kinds: Mapping[str, Callable[[Any], Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(field.name for field in fields(self.cls))  # type: ignore[arg-type]

    def of(self, row: Row) -> A:
        """The aggregate in a row that has at least its columns."""
        return self.cls(**{name: self._value(name, row[name]) for name in self.names})

    def _value(self, name: str, stored: Any) -> Any:
        kind = self.kinds.get(name)
        return stored if kind is None or stored is None else kind(stored)

    def values(self, aggregate: A) -> dict[str, Any]:
        """The row of an aggregate."""
        return {name: getattr(aggregate, name) for name in self.names}

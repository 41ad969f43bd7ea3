"""Reading rows: what a reader and a unit of work have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy.sql.base import Executable

from shared.errors import NotFound

Row: TypeAlias = Mapping[str, Any]


class Rows(ABC):
    """Runs a statement and gives its rows."""

    @abstractmethod
    async def all(self, statement: Executable, **params: Any) -> list[Row]:
        """Every row."""

    async def first(self, statement: Executable, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = await self.all(statement, **params)
        return rows[0] if rows else None

    async def one(self, statement: Executable, what: str = "Dit gegeven", **params: Any) -> Row:
        """The first row. Raises NotFound, naming `what`."""
        row = await self.first(statement, **params)
        if row is None:
            raise NotFound(f"{what} bestaat niet, of is niet voor u zichtbaar.")
        return row

    async def value(self, statement: Executable, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(statement, **params)
        return None if row is None else next(iter(row.values()))

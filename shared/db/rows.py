"""Reading rows: what a reader and a unit of work have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar, overload

from sqlalchemy.sql.base import Executable

from shared.db.query import Query
from shared.db.statements import Compiled, compiled
from shared.errors import NotFound

Row: TypeAlias = Mapping[str, Any]
R = TypeVar("R")


class Rows(ABC):
    """Runs a statement and gives its rows.

    Statements without a row type go on until every service reads by `Query`.
    """

    @abstractmethod
    async def fetch(self, statement: Compiled, params: Mapping[str, Any]) -> list[Row]:
        """The records of a compiled statement."""

    @overload
    async def all(self, statement: Query[R], **params: Any) -> list[R]: ...
    @overload
    async def all(self, statement: Executable, **params: Any) -> list[Row]: ...
    async def all(self, statement: Query[Any] | Executable, **params: Any) -> list[Any]:
        """Every row."""
        if isinstance(statement, Query):
            return statement.many(await self.fetch(statement.compiled, params))
        return await self.fetch(compiled(statement), params)

    @overload
    async def first(self, statement: Query[R], **params: Any) -> R | None: ...
    @overload
    async def first(self, statement: Executable, **params: Any) -> Row | None: ...
    async def first(self, statement: Query[Any] | Executable, **params: Any) -> Any:
        """The first row, or None."""
        if isinstance(statement, Query):
            return statement.first(await self.fetch(statement.compiled, params))
        rows = await self.fetch(compiled(statement), params)
        return rows[0] if rows else None

    @overload
    async def one(self, statement: Query[R], what: str = "Dit gegeven", **params: Any) -> R: ...
    @overload
    async def one(self, statement: Executable, what: str = "Dit gegeven", **params: Any) -> Row: ...
    async def one(
        self, statement: Query[Any] | Executable, what: str = "Dit gegeven", **params: Any
    ) -> Any:
        """The first row. Raises NotFound, naming `what`."""
        row: Any = await self.first(statement, **params)
        if row is None:
            raise NotFound(f"{what} bestaat niet, of is niet voor u zichtbaar.")
        return row

    @overload
    async def value(self, statement: Query[R], **params: Any) -> R | None: ...
    @overload
    async def value(self, statement: Executable, **params: Any) -> Any: ...
    async def value(self, statement: Query[Any] | Executable, **params: Any) -> Any:
        """The only column of the first row, or None."""
        row: Any = await self.first(statement, **params)
        if row is None or isinstance(statement, Query):
            return row
        return next(iter(row.values()))

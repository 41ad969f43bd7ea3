"""SQLAlchemy Core statements as asyncpg runs them: compiled once, text and argument order kept."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


class Compiled(NamedTuple):
    """The text of a statement, the names of its arguments in order, and their fixed values."""

    sql: str
    names: tuple[str, ...]
    fixed: dict[str, Any]

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        """The arguments in order. Raises TypeError for one too few or one too many."""
        given = {**self.fixed, **params}
        if missing := [name for name in self.names if name not in given]:
            raise TypeError(f"missing parameters: {', '.join(missing)}")
        if unknown := params.keys() - set(self.names):
            raise TypeError(f"unknown parameters: {', '.join(sorted(unknown))}")
        return [given[name] for name in self.names]


_cache: WeakKeyDictionary[Executable, Compiled] = WeakKeyDictionary()


def compiled(statement: Executable) -> Compiled:
    """The statement as text, from the cache when it was compiled before."""
    found = _cache.get(statement)
    if found is None:
        found = _cache[statement] = _compile(statement)
    return found


def _compile(statement: Executable) -> Compiled:
    compiler = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    assert isinstance(compiler, SQLCompiler)
    fixed = {
        name: bind.effective_value
        for bind, name in compiler.bind_names.items()
        if not bind.required
    }
    return Compiled(compiler.string, tuple(compiler.positiontup or ()), fixed)

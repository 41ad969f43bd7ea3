"""SQLAlchemy Core statements as asyncpg runs them: compiled once, text and argument order kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from shared.db.sight import EVERYONE, NAMED, sight_arguments

# A statement with one of these arguments is planned for its value each time: what finds a rare
# phrase soonest reads everything for a common one, and so it is with the beginning of a number.
PHRASE: Final = "phrase"
NUMBER_END: Final = "number_end"
DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text of a statement, the names of its arguments in order, and their fixed values."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    known: frozenset[str] = field(init=False)
    limited: bool = field(init=False)
    selects: bool = field(init=False)
    planned_anew: bool = field(init=False)

    def __post_init__(self) -> None:
        known = frozenset(self.names)
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "limited", EVERYONE in known or NAMED in known)
        object.__setattr__(self, "planned_anew", bool(known & {PHRASE, NUMBER_END}))
        object.__setattr__(self, "selects", self.sql.lstrip()[:6].upper() == "SELECT")

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        """The arguments in order. Raises TypeError for one too few or one too many.

        A statement that is limited to what the caller may see takes a Sight under `sight`.
        """
        given = {**self.fixed, **params} if self.fixed else params
        if self.limited:
            limits = sight_arguments(params.get(NAMED))
            given = {**given, **{name: limits[name] for name in self.known & limits.keys()}}
            if NAMED not in self.known:
                del given[NAMED]
        if given.keys() != self.known:
            self._refuse(given)
        return [given[name] for name in self.names]

    def _refuse(self, given: Mapping[str, Any]) -> None:
        if missing := [name for name in self.names if name not in given]:
            raise TypeError(f"missing parameters: {', '.join(missing)}")
        raise TypeError(f"unknown parameters: {', '.join(sorted(given.keys() - self.known))}")


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
    names = tuple(compiler.positiontup or ())
    fixed = {
        name: bind.effective_value
        for bind, name in compiler.bind_names.items()
        if not bind.required and name in names
    }
    return Compiled(compiler.string, names, fixed)

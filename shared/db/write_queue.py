"""Writes that wait for a flush, which makes one statement of them.

CTEs of one statement see one snapshot: of two writes to one row only one happens, and PostgreSQL
says nothing. So the second is refused here, unless both orders end the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, Uuid

from shared.db.writes import INSERTING, Name, as_json, chained

_NEW: Final = frozenset({"insert", "ignore"})


class DoubleWriteError(Exception):
    """Two queued writes may touch the same row: flush between them, or write it once."""

    def __init__(self, table: Table, key: Mapping[str, Any]) -> None:
        named = ", ".join(f"{name}={value}" for name, value in key.items())
        super().__init__(f"{table.name} ({named}) is written twice in one flush")
        self.table = table.name
        self.key = dict(key)


class Group:
    """Writes of one shape, in order. The last of two upserts of one row wins, as in sequence."""

    __slots__ = ("_indexes", "_table", "columns", "keys", "kind", "rows")

    def __init__(self, name: Name) -> None:
        self.kind, self._table, self.columns, self.keys = name
        self.rows: dict[Any, Mapping[str, Any]] = {}
        self._indexes: dict[tuple[str, ...], set[Any]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Raises DoubleWriteError for a second update of the same row."""
        if not self.keys:
            self.rows[len(self.rows)] = row
        else:
            identity = self._identity(self.keys, row)
            if self.kind == "update" and identity in self.rows:
                raise DoubleWriteError(self._table, {key: row[key] for key in self.keys})
            self.rows[identity] = row
        for columns, index in self._indexes.items():
            index.add(self._identity(columns, row))

    def arguments(self) -> Iterable[Any]:
        """In the order of the columns, which is that of each row."""
        if len(self.rows) > 1:
            return [as_json(list(self.rows.values()))]
        (row,) = self.rows.values()
        return row.values()

    def may_meet(self, kind: str, row: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
        """Whether a later write of another shape may touch a row of these, and matter."""
        if self.kind in INSERTING and kind in INSERTING:
            return not self.kind == kind == "insert" and self._has_primary(self.columns, row)
        if kind == "ignore" and self.kind == "delete":
            # It would be left out for a row that the other still has to remove.
            keys = _primary_of(self._table)
        elif kind in _NEW:
            return self._has_primary(self.keys, row)
        elif self.kind == kind == "delete":
            return False
        known = self._known()
        shared = tuple([key for key in keys if key in known and key in row])
        if shared:
            return self._has(shared, row)
        # A primary key that PostgreSQL will give is known to nobody yet.
        return self.kind != "insert" or not set(keys) <= set(_primary_of(self._table))

    def _known(self) -> tuple[str, ...]:
        """What holds for each row before and after; one that was there keeps its other values."""
        if self.kind == "ignore":
            return tuple(key for key in _primary_of(self._table) if key in self.columns)
        return self.columns if self.kind == "insert" else self.keys

    def _has_primary(self, known: tuple[str, ...], row: Mapping[str, Any]) -> bool:
        primary = _primary_of(self._table)
        there = bool(primary) and all(key in known and key in row for key in primary)
        return there and self._has(primary, row)

    def _has(self, columns: tuple[str, ...], row: Mapping[str, Any]) -> bool:
        """Whether one of the rows has the values of this one in these columns."""
        if columns == self.keys:
            return self._identity(columns, row) in self.rows
        index = self._indexes.get(columns)
        if index is None:
            index = {self._identity(columns, known) for known in self.rows.values()}
            self._indexes[columns] = index
        return self._identity(columns, row) in index

    def _identity(self, columns: tuple[str, ...], row: Mapping[str, Any]) -> Any:
        if len(columns) == 1:
            return self._value(columns[0], row)
        return tuple([self._value(column, row) for column in columns])

    def _value(self, column: str, row: Mapping[str, Any]) -> Any:
        """A UUID may come as text."""
        value = row[column]
        if type(value) is str and column in _uuids_of(self._table):
            return UUID(value)
        return value


class Queue:
    """Groups of writes waiting for a flush."""

    def __init__(self) -> None:
        self.groups: dict[Name, Group] = {}
        self._tables: dict[Table, list[Group]] = {}
        self._deleted: list[Table] = []

    def __bool__(self) -> bool:
        return bool(self.groups)

    def clear(self) -> None:
        self.groups.clear()
        self._tables.clear()
        self._deleted.clear()

    def insert(self, table: Table, row: Mapping[str, Any], *, ignore: bool = False) -> None:
        self._add("ignore" if ignore else "insert", table, row, ())

    def upsert(self, table: Table, row: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        self._add("upsert", table, row, keys)

    def insert_or_lock(self, table: Table, row: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        """The statement gives the row as it then is: new, or as it was there and now locked."""
        self._add("lock", table, row, keys)

    def update(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Raises TypeError for a column that is both looked for and changed."""
        if both := key.keys() & values.keys():
            raise TypeError(f"both key and value: {', '.join(sorted(both))}")
        self._add("update", table, {**values, **key}, tuple(key))

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        self._add("delete", table, key, tuple(key))

    @property
    def only_inserts(self) -> bool:
        """Whether nothing in it depends on what is there."""
        return all(group.kind == "insert" for group in self.groups.values())

    def take(self) -> tuple[str, list[Any]]:
        """The statement and its arguments; the queue is empty after it."""
        taken = self.statement()
        self.clear()
        return taken

    def statement(self) -> tuple[str, list[Any]]:
        """The statement and its arguments."""
        groups = self.groups
        sql = chained(tuple((name, len(group.rows) > 1) for name, group in groups.items()))
        arguments: list[Any] = []
        for group in groups.values():
            arguments.extend(group.arguments())
        return sql, arguments

    @staticmethod
    def joined(queues: Sequence["Queue"]) -> tuple[str, list[Any]]:
        """One statement of several queues of inserts."""
        if len(queues) == 1:
            return queues[0].statement()
        rows: dict[Name, list[Mapping[str, Any]]] = {}
        for queue in queues:
            for name, group in queue.groups.items():
                rows.setdefault(name, []).extend(group.rows.values())
        # Always as many, also where it is one row: one text for each set of shapes.
        sql = chained(tuple((name, True) for name in rows))
        return sql, [as_json(each) for each in rows.values()]

    def concerns(self, sql: str) -> bool:
        """Whether the statement names a table that is written to."""
        gone = (child for parent in self._deleted for child in _cascade_of(parent))
        return any(_named(table.name).search(sql) for table in (*self._tables, *gone))

    def _add(self, kind: str, table: Table, row: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        name = (kind, table, tuple(row), keys)
        group = self.groups.get(name)
        others = self._tables.get(table)
        if others is None:
            others = self._tables[table] = []
        for other in others:
            if other is not group and other.may_meet(kind, row, keys):
                found = keys or [key for key in _primary_of(table) if key in row]
                raise DoubleWriteError(table, {key: row[key] for key in found})
        if group is None:
            if self._deleted or kind == "delete":
                self._refuse_cascades(kind, table, row)
            group = self.groups[name] = Group(name)
            others.append(group)
        group.add(row)

    def _refuse_cascades(self, kind: str, table: Table, row: Mapping[str, Any]) -> None:
        """A row whose parent is deleted goes too, whatever else the statement does with it."""
        child = any(table in _cascade_of(parent) for parent in self._deleted)
        if kind == "delete":
            self._deleted.append(table)
            child = child or not _cascade_of(table).isdisjoint(self._tables)
        if child:
            raise DoubleWriteError(table, row)


@lru_cache(maxsize=512)
def _uuids_of(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if isinstance(column.type, Uuid))


@lru_cache(maxsize=512)
def _primary_of(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


@lru_cache(maxsize=512)
def _cascade_of(table: Table) -> frozenset[Table]:
    """The tables whose rows go with those of this one."""
    found: set[Table] = set()
    for other in table.metadata.tables.values():
        for key in other.foreign_keys:
            if key.ondelete and key.column.table is table and other is not table:
                found |= {other, *_cascade_of(other)}
    return frozenset(found)


@lru_cache(maxsize=512)
def _named(table: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(table)}\b")

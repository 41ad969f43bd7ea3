"""The text of queued writes: one statement, a chain of CTEs, cached by its shape."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import orjson
from sqlalchemy import Table, and_, bindparam, delete, insert, update

from shared.db.statements import DIALECT

PLACEHOLDER = re.compile(r"\$(\d+)")
INSERTING = frozenset({"insert", "ignore", "upsert", "lock"})


# Kind, table, columns and keys.
Name: TypeAlias = tuple[str, Table, tuple[str, ...], tuple[str, ...]]


class Shape(NamedTuple):
    """What makes the text of a write: everything but the values."""

    kind: str
    table: Table
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    bulk: bool


@lru_cache(maxsize=2048)
def chained(shapes: tuple[tuple[Name, bool], ...]) -> str:
    """The statement of these writes; many rows of one shape are one argument."""
    parts: list[str] = []
    used = 0
    for name, bulk in shapes:
        shape = Shape(*name, bulk)
        sql, count = _fragment(shape)
        parts.append(_shifted(sql, used))
        used += count
    if len(parts) == 1:
        return parts[0]
    ctes = ", ".join(f"w{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    return f"WITH {ctes} {parts[-1]}"


def _shifted(sql: str, by: int) -> str:
    return PLACEHOLDER.sub(lambda found: f"${int(found[1]) + by}", sql) if by else sql


def _fragment(shape: Shape) -> tuple[str, int]:
    make = _bulk if shape.bulk else _single
    return make(shape), 1 if shape.bulk else len(shape.columns)


def _single(shape: Shape) -> str:
    table, keys = shape.table, shape.keys
    if shape.kind in INSERTING:
        statement: Any = insert(table).inline()
        sql = statement.compile(dialect=DIALECT, column_keys=list(shape.columns)).string
        return _ordered(str(sql), shape) + _on_conflict(shape)
    match = and_(
        *(table.c[key] == bindparam(f"key_{key}", type_=table.c[key].type) for key in keys)
    )
    if shape.kind == "delete":
        statement = delete(table).where(match)
    else:
        values = {c: bindparam(f"set_{c}", type_=table.c[c].type) for c in _changed(shape)}
        statement = update(table).where(match).values(values)
    compiled = statement.compile(dialect=DIALECT)
    order = {f"key_{key}": shape.columns.index(key) + 1 for key in keys}
    order |= {f"set_{column}": shape.columns.index(column) + 1 for column in _changed(shape)}
    return _renumbered(compiled.string, [order[name] for name in compiled.positiontup])


def _ordered(sql: str, shape: Shape) -> str:
    """Columns leave the compiler in table order; the arguments are in the order of the row."""
    in_table = [column.name for column in shape.table.columns if column.name in shape.columns]
    return _renumbered(sql, [shape.columns.index(name) + 1 for name in in_table])


def _renumbered(sql: str, numbers: list[int]) -> str:
    return PLACEHOLDER.sub(lambda found: f"${numbers[int(found[1]) - 1]}", sql)


def _bulk(shape: Shape) -> str:
    """Names come from the tables of the code, never from input: nothing to inject (S608)."""
    table = _name(shape.table)
    columns = ", ".join(_quoted(column) for column in shape.columns)
    rows = f"json_populate_recordset(NULL::{table}, $1::text::json)"
    if shape.kind in INSERTING:
        tail = _on_conflict(shape)
        return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}{tail}"  # noqa: S608
    match = " AND ".join(f"t.{_quoted(key)} = r.{_quoted(key)}" for key in shape.keys)
    if shape.kind == "delete":
        return f"DELETE FROM {table} t USING {rows} r WHERE {match}"  # noqa: S608
    values = ", ".join(f"{_quoted(c)} = r.{_quoted(c)}" for c in _changed(shape))
    return f"UPDATE {table} t SET {values} FROM {rows} r WHERE {match}"  # noqa: S608


def _on_conflict(shape: Shape) -> str:
    if shape.kind == "ignore":
        return " ON CONFLICT DO NOTHING"
    if shape.kind == "insert":
        return ""
    keys = ", ".join(map(_quoted, shape.keys))
    if shape.kind == "lock":
        # Only an update locks and gives a row that others committed after we began.
        same = ", ".join(f"{key} = excluded.{key}" for key in map(_quoted, shape.keys))
        return f" ON CONFLICT ({keys}) DO UPDATE SET {same} RETURNING *"
    changed = ", ".join(f"{_quoted(c)} = excluded.{_quoted(c)}" for c in _changed(shape))
    return f" ON CONFLICT ({keys}) DO " + (f"UPDATE SET {changed}" if changed else "NOTHING")


def _changed(shape: Shape) -> list[str]:
    return [column for column in shape.columns if column not in shape.keys]


def _quoted(name: str) -> str:
    """Always quoted: a column such as `position` is a word of SQL in some places."""
    return str(DIALECT.identifier_preparer.quote_identifier(name))


def _name(table: Table) -> str:
    return _quoted(table.name)


def as_json(rows: list[Mapping[str, Any]]) -> str:
    """Many rows as the one argument that PostgreSQL reads them from."""
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return dict(value) if isinstance(value, Mapping) else str(value)

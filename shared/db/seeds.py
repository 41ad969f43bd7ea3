"""Seeds: what every installation starts with, as data files that are put in by key.

A file names its table, its key, where the values come from and whether anybody confirmed them.
Beside the rows the database keeps what was shipped (table `seed`), so that a later release can
tell an untouched example from what the agency made of it (ADR 26).
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import Column, DateTime, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

Row = Mapping[str, Any]
ONE_AT_A_TIME: Final = 8_430_002

_SHIPPED: Final = "SELECT key, shipped::text FROM seed WHERE table_name = $1"
_REMEMBER: Final = """
INSERT INTO seed (table_name, key, shipped)
SELECT $1, key, shipped::jsonb FROM unnest($2::text[], $3::text[]) AS given(key, shipped)
ON CONFLICT (table_name, key) DO UPDATE SET shipped = excluded.shipped, put_in_at = now()
"""


class SeedError(Exception):
    """A seed file is not what it should be; says which and why."""


@dataclass(frozen=True, slots=True)
class SeedFile:
    """The rows of one table, each whole."""

    table: str
    key: tuple[str, ...]
    source: str
    label: str
    confirmed: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the rows of one table; `kept` are those that the agency changed or deleted."""

    table: str
    inserted: int
    updated: int
    kept: tuple[str, ...]


def seed_table(metadata: MetaData) -> Table:
    """Define `seed`, the rows as they were shipped, in the metadata of one service."""
    return Table(
        "seed",
        metadata,
        Column("table_name", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("shipped", JSONB, nullable=False),
        Column("put_in_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def read(folder: Path) -> list[SeedFile]:
    """The seed files of a folder in the order of their names. Raises SeedError."""
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> SeedFile:
    try:
        given = json.loads(path.read_text("utf-8"))
        rows = given["rows"]
        if isinstance(rows, str):
            rows = _read_csv(path.with_name(rows))
        found = SeedFile(
            table=given["table"],
            key=tuple(given["key"]),
            source=given["source"],
            label=given["label"],
            confirmed=given["confirmed"],
            rows=tuple({**given["every"], **row} for row in rows),
        )
    except (OSError, KeyError, ValueError) as error:
        raise SeedError(f"{path}: {type(error).__name__} {error}") from error
    if not found.rows or any(row.keys() != found.rows[0].keys() for row in found.rows):
        raise SeedError(f"{path}: every row must have the same columns")
    keys = [tuple(row.get(name) for name in found.key) for row in found.rows]
    if len(set(keys)) != len(keys) or any(None in key for key in keys):
        raise SeedError(f"{path}: the key {found.key} must be there and be unique")
    return found


def _read_csv(path: Path) -> list[dict[str, str | None]]:
    """The lines of a file; an empty cell is NULL."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: value or None for name, value in row.items()} for row in csv.DictReader(file)
        ]


async def put_in(connection: asyncpg.Connection, files: Sequence[SeedFile]) -> list[Outcome]:
    """Insert what is new, update what nobody touched since it was shipped, leave all else alone.

    Runs in one transaction; done twice, the second time changes nothing.
    """
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        return [await _put_in(connection, file) for file in files]


async def _put_in(connection: asyncpg.Connection, file: SeedFile) -> Outcome:
    table = _Table(connection, file)
    wanted = await table.normal(file.rows)
    shipped = await table.shipped()
    present = await table.present()
    fresh = [key for key in wanted if key not in shipped and key not in present]
    inserted = await table.insert([wanted[key] for key in fresh])
    untouched = [key for key in wanted if key in shipped and _holds(present.get(key), shipped[key])]
    stale = [key for key in untouched if not _holds(present[key], wanted[key])]
    await table.update([wanted[key] for key in stale])
    same = [key for key in wanted if key not in shipped and _holds(present.get(key), wanted[key])]
    known = {*inserted, *stale, *same}
    await table.remember({key: wanted[key] for key in known})
    return Outcome(
        table=file.table,
        inserted=len(inserted),
        updated=len(stale),
        kept=tuple(key for key in wanted if key not in known and key not in untouched),
    )


def _holds(present: Row | None, row: Row) -> bool:
    """Whether the row in the database has the values of this one; a column that is gone is none."""
    return present is not None and all(
        present[name] == value for name, value in row.items() if name in present
    )


class _Table:
    """One table and the rows meant for it; PostgreSQL itself gives every value its type."""

    def __init__(self, connection: asyncpg.Connection, file: SeedFile) -> None:
        self._connection, self._file = connection, file
        self._name = _quoted(file.table)
        self._columns = ", ".join(map(_quoted, file.rows[0]))
        self._same_key = " AND ".join(f"t.{_quoted(name)} = s.{_quoted(name)}" for name in file.key)
        self._given = f"jsonb_populate_recordset(NULL::{self._name}, $1::jsonb) AS s"

    async def normal(self, rows: Sequence[Row]) -> dict[str, Row]:
        """The rows by key, as PostgreSQL would give them back, with the columns they have."""
        query = f"""
            SELECT to_jsonb(jsonb_populate_record(NULL::{self._name}, row))::text
            FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(row, at) ORDER BY at
        """  # noqa: S608 - the table is named by a file of the product
        found = await self._connection.fetch(query, _json(rows))
        normal = [_parsed(line[0]) for line in found]
        return {
            self._key(whole): {name: whole[name] for name in row if name in whole}
            for whole, row in zip(normal, rows, strict=True)
        }

    async def shipped(self) -> dict[str, Row]:
        """What was put in before, by key."""
        found = await self._connection.fetch(_SHIPPED, self._file.table)
        rows = [_parsed(line["shipped"]) for line in found]
        normal = list((await self.normal(rows)).values())
        return {line["key"]: row for line, row in zip(found, normal, strict=True)}

    async def present(self) -> dict[str, Row]:
        """What the table has under the keys of the file, locked."""
        query = f"""
            SELECT to_jsonb(t)::text FROM {self._name} AS t JOIN {self._given} ON {self._same_key}
            FOR UPDATE OF t
        """  # noqa: S608
        found = await self._connection.fetch(query, _json(self._file.rows))
        rows = [_parsed(line[0]) for line in found]
        return {self._key(row): row for row in rows}

    async def insert(self, rows: Sequence[Row]) -> list[str]:
        """The keys that went in: what contradicts a row of the agency stays out."""
        statement = f"""
            INSERT INTO {self._name} AS t ({self._columns})
            SELECT {self._columns} FROM {self._given}
            ON CONFLICT DO NOTHING RETURNING to_jsonb(t)::text
        """  # noqa: S608
        found = await self._connection.fetch(statement, _json(rows))
        return [self._key(_parsed(line[0])) for line in found]

    async def update(self, rows: Sequence[Row]) -> None:
        values = ", ".join(f"{_quoted(name)} = s.{_quoted(name)}" for name in self._file.rows[0])
        statement = (
            f"UPDATE {self._name} AS t SET {values} FROM {self._given} WHERE {self._same_key}"  # noqa: S608
        )
        await self._connection.execute(statement, _json(rows))

    async def remember(self, rows: Mapping[str, Row]) -> None:
        texts = [_json(row) for row in rows.values()]
        await self._connection.execute(_REMEMBER, self._file.table, list(rows), texts)

    def _key(self, row: Row) -> str:
        return "/".join(str(row[name]) for name in self._file.key)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found

"""Many rows in one statement store what one row in one statement stores, type for type."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateTable

from shared.db.database import open_pool
from shared.db.statements import DIALECT
from shared.db.write_queue import Queue

KINDS = Table(
    "every_kind",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("amount", Numeric(12, 2)),
    Column("share", Float),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("flag", Boolean),
    Column("sealed", LargeBinary),
    Column("content", JSONB),
    Column("words", ARRAY(Text)),
    Column("note", Text),
)
FULL = {
    "position": 2**40,
    "amount": Decimal("1234.50"),
    "share": 0.1,
    "day": date(2026, 2, 28),
    "at": datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    "flag": False,
    "sealed": b"\x00\xff",
    "content": {"sleutel": ["é", 1, None]},
    "words": ["a,b", 'c"d', "{}"],
    "note": "met \\ en \t",
}
EMPTY = dict.fromkeys(FULL) | {"words": [], "content": {}}
NOTHING = dict.fromkeys(FULL)


@pytest.fixture
async def pool(postgres_server: str) -> asyncpg.Pool:
    name = f"bulk_{uuid4().hex}"
    admin = await asyncpg.connect(f"{postgres_server}/postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    opened = await open_pool(f"{postgres_server}/{name}", application="test")
    await opened.execute(str(CreateTable(KINDS).compile(dialect=DIALECT)))
    yield opened
    await opened.close()
    await admin.execute(f"DROP DATABASE {name}")
    await admin.close()


async def _run(pool: asyncpg.Pool, queue: Queue) -> None:
    sql, arguments = queue.take()
    await pool.execute(sql, *arguments)


async def _stored(pool: asyncpg.Pool) -> list[dict[str, object]]:
    rows = await pool.fetch("SELECT * FROM every_kind ORDER BY id")
    return [dict(row) for row in rows]


def _queued(queue: Queue, kind: str, row: dict[str, object]) -> None:
    values = {name: value for name, value in row.items() if name != "id"}
    if kind == "insert":
        queue.insert(KINDS, row)
    elif kind == "upsert":
        queue.upsert(KINDS, row, ("id",))
    else:
        queue.update(KINDS, {"id": row["id"]}, values)


@pytest.mark.parametrize("kind", ["insert", "upsert", "update"])
@pytest.mark.parametrize("at_once", [1, 3])
async def test_many_rows_are_stored_as_one_row_is(
    pool: asyncpg.Pool, kind: str, at_once: int
) -> None:
    rows: list[dict[str, object]] = [
        {"id": UUID(int=n), **values} for n, values in enumerate((FULL, EMPTY, NOTHING))
    ]
    if kind == "update":
        ids = [row["id"] for row in rows]
        await pool.execute("INSERT INTO every_kind (id) SELECT unnest($1::uuid[])", ids)
    queue = Queue()
    for start in range(0, 3, at_once):
        for row in rows[start : start + at_once]:
            _queued(queue, kind, row)
        await _run(pool, queue)
    assert await _stored(pool) == rows


async def test_many_rows_are_deleted_at_once(pool: asyncpg.Pool) -> None:
    rows = [{"id": uuid4(), **FULL} for _ in range(3)]
    queue = Queue()
    for row in rows:
        queue.insert(KINDS, row)
    await _run(pool, queue)
    for row in rows[:2]:
        queue.delete(KINDS, {"id": row["id"]})
    await _run(pool, queue)
    assert [row["id"] for row in await _stored(pool)] == [rows[2]["id"]]


@pytest.mark.parametrize("at_once", [1, 3])
async def test_what_is_there_stays_and_is_given_with_what_is_new(
    pool: asyncpg.Pool, at_once: int
) -> None:
    there: dict[str, object] = {"id": UUID(int=1), **FULL}
    queue = Queue()
    queue.insert(KINDS, there)
    await _run(pool, queue)
    given: list[dict[str, object]] = [{"id": UUID(int=n), **NOTHING} for n in range(3)]
    kept: list[dict[str, object]] = []
    for start in range(0, 3, at_once):
        for row in given[start : start + at_once]:
            queue.insert_or_lock(KINDS, row, ("id",))
        sql, arguments = queue.take()
        kept += [dict(row) for row in await pool.fetch(sql, *arguments)]
    assert kept == await _stored(pool) == [given[0], there, given[2]]

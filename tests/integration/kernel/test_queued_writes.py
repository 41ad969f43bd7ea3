"""Queued writes end as the same writes one after the other, or raise."""

from collections.abc import AsyncIterator, Callable, Mapping
from copy import deepcopy
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, select, text
from sqlalchemy.schema import CreateTable

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.statements import DIALECT
from shared.db.unit_of_work import UnitOfWork
from shared.db.write_queue import DoubleWriteError
from shared.messaging.tables import messaging_tables

metadata = MetaData()
THING = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("owner", Integer),
    Column("a", Text),
    Column("b", Text),
)
OTHER = Table("other", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
ALL = select(THING).order_by(THING.c.id)
ONE = select(THING.c.a).where(THING.c.id == bindparam("id"))
OTHERS = select(OTHER.c.id)
EMPTY = {"owner": None, "a": None, "b": None}
BEFORE = {1: {**EMPTY, "owner": 1, "a": "x"}, 2: {**EMPTY, "owner": 2, "b": "y"}}

State = dict[int, dict[str, Any]]
Op = tuple[str, Mapping[str, Any], Mapping[str, Any]]


class _TakenError(Exception):
    """The row was there already."""


def _play(state: State, op: Op) -> None:
    """What the write does when it stands alone."""
    kind, key, values = op
    found = [i for i, row in state.items() if ({"id": i, **row}.items() >= key.items())]
    if kind in {"insert", "ignore", "upsert"}:
        identity = values["id"]
        rest = {name: value for name, value in values.items() if name != "id"}
        if identity not in state:
            state[identity] = {**EMPTY, **rest}
        elif kind == "insert":
            raise _TakenError
        elif kind == "upsert":
            state[identity].update(rest)
    for identity in found:
        if kind == "update":
            state[identity].update(values)
        elif kind == "delete":
            del state[identity]


def _queue(work: UnitOfWork, op: Op) -> None:
    kind, key, values = op
    if kind == "update":
        work.update(THING, key=key, values=values)
    elif kind == "delete":
        work.delete(THING, key=key)
    elif kind == "upsert":
        work.upsert(THING, values, keys=("id",))
    else:
        work.insert(THING, values, ignore=kind == "ignore")


ids, owners, words = st.integers(1, 4), st.integers(1, 2), st.sampled_from("xyz")
values = st.fixed_dictionaries({}, optional={"owner": owners, "a": words, "b": words})
rows = st.builds(lambda identity, more: {"id": identity, **more}, ids, values)
keys: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"id": ids}),
    st.fixed_dictionaries({"owner": owners}),
    st.fixed_dictionaries({"id": ids, "owner": owners}),
)
changes = st.tuples(keys, values).filter(lambda pair: pair[1] and not pair[0].keys() & pair[1])
ops: st.SearchStrategy[Op] = st.one_of(
    st.tuples(st.sampled_from(["insert", "ignore", "upsert"]), st.just({}), rows),
    changes.map(lambda pair: ("update", *pair)),
    keys.map(lambda key: ("delete", key, {})),
    st.sampled_from([("flush", {}, {}), ("send", {}, {}), ("read", {}, {})]),
)
plays = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
async def database(postgres_server: str) -> AsyncIterator[Database]:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_queued WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_queued")
    await root.close()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    opened = await Database.open(postgres_server + "/vth_queued", publisher=publisher, size=2)
    for table in metadata.sorted_tables:
        await opened.pool.execute(str(CreateTable(table).compile(dialect=DIALECT)))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    await database.pool.execute("TRUNCATE thing, other")


async def _prepare(database: Database) -> None:
    await database.pool.execute("TRUNCATE thing")
    async with database.work("test", sight=Sight.ALL) as work:
        for identity, row in BEFORE.items():
            work.insert(THING, {"id": identity, **row})


async def _stored(rows: Any) -> State:
    return {row["id"]: {name: row[name] for name in EMPTY} for row in await rows.all(ALL)}


async def _run(work: UnitOfWork, sequence: list[Op], after_each: Callable[[], Any]) -> State:
    """Queue and play each; gives the state that the model came to."""
    state = deepcopy(BEFORE)
    for op in sequence:
        if op[0] == "read":
            assert await _stored(work) == state
        elif op[0] == "flush":
            await work.flush()
        elif op[0] == "send":
            await work.send()
        else:
            _queue(work, op)
            await after_each()
            _play(state, op)
    return state


@given(st.lists(ops, max_size=8))
@plays
async def test_a_sequence_raises_or_ends_as_the_model(
    database: Database, sequence: list[Op]
) -> None:
    await _prepare(database)

    async def nothing() -> None: ...

    try:
        async with database.work("test", sight=Sight.ALL) as work:
            expected = await _run(work, sequence, nothing)
    except (DoubleWriteError, _TakenError, asyncpg.UniqueViolationError):
        expected = BEFORE
    except asyncpg.CardinalityViolationError:
        expected = BEFORE
    async with database.read(Sight.ALL) as reader:
        assert await _stored(reader) == expected


@given(st.lists(ops, max_size=8))
@plays
async def test_flushed_one_by_one_nothing_is_refused_that_the_model_accepts(
    database: Database, sequence: list[Op]
) -> None:
    await _prepare(database)
    expected: State = BEFORE
    taken = False
    try:
        async with database.work("test", sight=Sight.ALL) as work:
            expected = await _run(work, sequence, work.flush)
    except asyncpg.UniqueViolationError:
        taken = True
    assert taken == _refused(sequence)
    async with database.read(Sight.ALL) as reader:
        assert await _stored(reader) == expected


def _refused(sequence: list[Op]) -> bool:
    state = deepcopy(BEFORE)
    try:
        for op in sequence:
            _play(state, op)
    except _TakenError:
        return True
    return False


async def test_two_updates_of_one_row_raise_and_nothing_is_stored(database: Database) -> None:
    await database.pool.execute("INSERT INTO thing (id, a) VALUES (1, 'old')")

    async def twice() -> None:
        async with database.work("test", sight=Sight.ALL) as work:
            work.update(THING, key={"id": 1}, values={"a": "new"})
            work.update(THING, key={"id": 1}, values={"b": "new"})

    with pytest.raises(DoubleWriteError, match=r"thing \(id=1\)"):
        await twice()
    async with database.read(Sight.ALL) as reader:
        assert await _stored(reader) == {1: {"owner": None, "a": "old", "b": None}}


async def test_a_read_after_a_queued_write_sees_it(database: Database) -> None:
    bare = text("SELECT a FROM thing WHERE id = :id")
    async with database.work("test", sight=Sight.ALL) as work:
        work.insert(THING, {"id": 1, "a": "x"})
        assert await work.value(ONE, id=1) == "x"
        work.update(THING, key={"id": 1}, values={"a": "y"})
        assert await work.value(bare, id=1) == "y"
        work.delete(THING, key={"id": 1})
        assert await work.first(bare, id=1) is None


async def test_a_read_of_another_table_leaves_the_queue_as_it_is(database: Database) -> None:
    """One flush at the end: what a consumer reads meanwhile costs it no round trip."""
    async with database.work("test", sight=Sight.ALL) as work:
        work.insert(THING, {"id": 1})
        assert await work.all(OTHERS) == []
        assert await database.pool.fetchval("SELECT count(*) FROM thing") == 0
        with pytest.raises(DoubleWriteError):
            work.delete(THING, key={"id": 1})
        assert await work.value(ONE, id=1) is None
        work.delete(THING, key={"id": 1})

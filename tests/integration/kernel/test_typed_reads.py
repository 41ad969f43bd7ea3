"""Typed reads on PostgreSQL: readers and units of work, limited to what the caller may see."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateTable

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.statements import DIALECT
from shared.errors import NotFound
from shared.messaging.tables import messaging_tables

CODES = ("gm0141", "gm0153", "gm0164")


class State(StrEnum):
    OPEN = "openstaand"
    DONE = "afgehandeld"


THING = Table(
    "thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("participant", Text),
    Column("state", Text, nullable=False),
    Column("amount", Numeric),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("more", JSONB, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ThingRow:
    id: UUID
    participant: str | None
    state: State
    amount: Decimal | None
    at: datetime
    labels: tuple[str, ...]
    more: dict[str, Any]


_OURS = select(THING).where(visible(THING)).order_by(THING.c.participant, THING.c.id)
OURS = Query(ThingRow, _OURS)
ONE = Query(ThingRow, select(THING).where(THING.c.id == bindparam("id"), visible(THING)))
COUNT = Query(int, select(func.count()).select_from(THING).where(visible(THING)))
LATEST = Query(datetime, select(func.max(THING.c.at)))
BARE = Query(ThingRow, text("SELECT * FROM thing WHERE :sight_all OR participant = ANY(:sight)"))
ADDED = Query(UUID, insert(THING).returning(THING.c.id))


def a_thing(participant: str | None = "gm0153") -> dict[str, Any]:
    return {
        "id": uuid4(),
        "participant": participant,
        "state": "openstaand",
        "amount": Decimal("12.50"),
        "at": datetime(2026, 3, 9, 12, tzinfo=UTC),
        "labels": ["a", "b"],
        "more": {"b": [1]},
    }


@pytest.fixture(scope="module")
async def database(postgres_server: str) -> AsyncIterator[Database]:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_typed WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_typed")
    await root.close()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    opened = await Database.open(postgres_server + "/vth_typed", publisher=publisher, size=2)
    await opened.pool.execute(str(CreateTable(THING).compile(dialect=DIALECT)))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    await database.pool.execute("TRUNCATE thing")


async def put(database: Database, *things: dict[str, Any]) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        work.insert_all(THING, things)


async def test_a_reader_and_a_unit_of_work_give_the_same_typed_rows(database: Database) -> None:
    thing = a_thing()
    await put(database, thing)
    expected = ThingRow(**{**thing, "state": State.OPEN, "labels": ("a", "b")})

    async def seen(rows: Rows) -> list[Any]:
        return [
            *await rows.all(OURS, sight=Sight.ALL),
            await rows.first(BARE, sight=Sight.ALL),
            await rows.one(ONE, id=thing["id"], sight=Sight.ALL),
        ]

    async with database.read(Sight.ALL) as rows:
        assert await seen(rows) == [expected] * 3
        assert (await rows.one(COUNT, sight=Sight.ALL)) == 1
        assert (await rows.value(LATEST)) == thing["at"]
    async with database.work("test", sight=Sight.ALL) as work:
        assert await seen(work) == [expected] * 3
        assert await work.value(ADDED, **a_thing()) is not None
    assert (await _codes(database, Sight.ALL)) == ["gm0153", "gm0153"]


async def test_what_is_not_there_is_none_or_not_found(database: Database) -> None:
    async with database.read(Sight.ALL) as rows:
        assert await rows.all(OURS, sight=Sight.ALL) == []
        assert await rows.first(OURS, sight=Sight.ALL) is None
        assert await rows.value(LATEST) is None
        with pytest.raises(NotFound, match="Deze zaak"):
            await rows.one(ONE, "Deze zaak", id=uuid4(), sight=Sight.ALL)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(CODES)), max_size=6),
    st.frozensets(st.sampled_from((*CODES, "gm9999")), max_size=3),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_statement_gives_exactly_what_the_sight_sees(
    database: Database, owners: list[str | None], named: frozenset[str]
) -> None:
    await database.pool.execute("TRUNCATE thing")
    await put(database, *map(a_thing, owners))
    for sight in (Sight.of(named), Sight.ALL):
        seen = sorted(str(owner) for owner in owners if sight.sees(owner))
        assert sorted(map(str, await _codes(database, sight))) == seen
        async with database.read(Sight.ALL) as rows:
            assert await rows.one(COUNT, sight=sight) == len(seen)


async def test_another_s_row_looks_as_if_it_were_not_there(database: Database) -> None:
    thing = a_thing("gm0141")
    await put(database, thing)
    async with database.read(Sight.ALL) as rows:
        with pytest.raises(NotFound):
            await rows.one(ONE, id=thing["id"], sight=Sight.of(["gm0153"]))
        with pytest.raises(TypeError, match="sight"):
            await rows.one(ONE, id=thing["id"])


async def test_a_state_that_the_code_does_not_know_is_an_error(database: Database) -> None:
    await put(database, {**a_thing(), "state": "zoek"})
    async with database.read(Sight.ALL) as rows:
        with pytest.raises(ValueError, match="zoek"):
            await rows.all(OURS, sight=Sight.ALL)


async def _codes(database: Database, sight: Sight) -> list[str | None]:
    async with database.read(Sight.ALL) as rows:
        return [row.participant for row in await rows.all(OURS, sight=sight)]

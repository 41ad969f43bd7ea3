"""Lists in pages on PostgreSQL: every row once, whatever the order, the filters and the size."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.schema import CreateTable

from shared.auth.sight import Sight
from shared.db import search
from shared.db.database import Database
from shared.db.filters import equals, like, one_of
from shared.db.listing import Listing, counted
from shared.db.outbox import Publisher
from shared.db.query import Query
from shared.db.sight import visible
from shared.db.statements import DIALECT
from shared.errors import NotFound
from shared.http.paging import Paging, decode_cursor, encode_cursor
from shared.messaging.tables import messaging_tables

THING = Table(
    "thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("participant", Text),
    Column("name", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ThingRow:
    id: UUID
    participant: str | None
    name: str
    on: date
    at: datetime
    amount: Decimal
    rank: int
    size: int


@dataclass(frozen=True, slots=True)
class _Counts:
    things: int
    many: int
    few: int


SEARCHED = (THING.c.name, THING.c.participant)
FILTERS = {
    "name": equals(THING.c.name, "name"),
    "names": one_of(THING.c.name, "names"),
    "like": or_(*(column.ilike(bindparam("like", type_=Text)) for column in SEARCHED)),
}


def by(*names: str, descending: bool = False) -> Listing[ThingRow]:
    statement = select(THING).where(visible(THING))
    order = [THING.c[name] for name in names]
    return Listing(ThingRow, statement, filters=FILTERS, order=order, descending=descending)


def start(limit: int, after: tuple[Any, ...] | None = None) -> Paging:
    return Paging(after, limit, "", ())


def things(count: int) -> list[dict[str, Any]]:
    first = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
    return [
        {
            "id": uuid4(),
            "participant": "gm0153" if number % 3 else "gm0141",
            "name": ("a_1", "b%2", "c")[number % 3],
            "on": date(2026, 3, 1) + timedelta(days=number // 4),
            "at": first + timedelta(hours=number // 2),
            "amount": Decimal("10.25") * (number // 3),
            "rank": number // 5,
            "size": 2**40 + number // 5,
        }
        for number in range(count)
    ]


@pytest.fixture(scope="module")
async def database(postgres_server: str) -> AsyncIterator[Database]:
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute("DROP DATABASE IF EXISTS vth_listing WITH (FORCE)")
    await root.execute("CREATE DATABASE vth_listing")
    await root.close()
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:test")
    opened = await Database.open(postgres_server + "/vth_listing", publisher=publisher, size=2)
    await opened.pool.execute(str(CreateTable(THING).compile(dialect=DIALECT)))
    async with opened.work("test", sight=Sight.ALL) as work:
        work.insert_all(THING, things(23))
    yield opened
    await opened.close()


async def walked(
    database: Database, listing: Listing[ThingRow], limit: int, **params: Any
) -> list[ThingRow]:
    """Every page, one after another, by the cursors that the pages give."""
    seen: list[ThingRow] = []
    after = None
    while True:
        async with database.read(Sight.ALL) as rows:
            page = await listing.page(rows, start(limit, after), **params)
        assert len(page) <= limit
        seen += page
        if page.next_key is None:
            return seen
        after = decode_cursor(encode_cursor(page.next_key))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 4, 23, 50])
@pytest.mark.parametrize("name", ["on", "at", "amount", "rank", "size", "name"])
async def test_every_row_comes_once_and_in_order(
    database: Database, name: str, limit: int, descending: bool
) -> None:
    listing = by(name, "id", descending=descending)
    seen = await walked(database, listing, limit, sight=Sight.ALL)
    keys = [(getattr(row, name), row.id) for row in seen]
    assert len(set(keys)) == 23
    assert keys == sorted(keys, reverse=descending)


async def test_a_filter_limits_and_one_that_is_none_does_not(database: Database) -> None:
    listing = by("on", "id")
    whole = await walked(database, listing, 50, sight=Sight.ALL, name=None, names=None, like=None)
    assert len(whole) == 23
    named = await walked(database, listing, 3, sight=Sight.ALL, name="c")
    assert {row.name for row in named} == {"c"}
    two = await walked(database, listing, 3, sight=Sight.ALL, names=["c", "a_1"])
    assert {row.name for row in two} == {"a_1", "c"}
    nothing = await walked(database, listing, 3, sight=Sight.ALL, names=[])
    assert nothing == []


async def test_a_flag_limits_when_it_is_given_as_true(database: Database) -> None:
    flags = {"early": THING.c.rank < literal_column("2")}
    order = (THING.c.on, THING.c.id)
    statement = select(THING).where(visible(THING))
    listing = Listing(ThingRow, statement, filters=FILTERS, order=order, flags=flags)
    early = await walked(database, listing, 3, sight=Sight.ALL, early=True)
    assert {row.rank for row in early} == {0, 1}
    assert len(await walked(database, listing, 3, sight=Sight.ALL, early=False)) == 23
    both = await walked(database, listing, 3, sight=Sight.ALL, early=True, name="c")
    assert {(row.rank, row.name) for row in both} == {(0, "c"), (1, "c")}


@pytest.mark.parametrize("few", [1, 7, 8, 1_000])
async def test_few_or_many_the_first_that_hold_a_phrase_are_the_same(
    database: Database, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    most = bindparam("most", type_=Integer)
    order = (THING.c.rank, THING.c.id)
    text = search.search_text(THING.c.name)
    keys = search.first_found(THING.c.id, text, (visible(THING),), order, most)
    found = Query(ThingRow, select(THING).where(THING.c.id.in_(keys)).order_by(*order))
    held = await walked(database, by("rank", "id"), 50, sight=Sight.ALL, name="a_1")
    assert len(held) == 8
    async with database.read(Sight.ALL) as rows:
        first = await rows.all(found, phrase="%A\\_%", most=3, sight=Sight.ALL)
        nobody = await rows.all(found, phrase="%qzx%", most=3, sight=Sight.ALL)
    assert first == held[:3]
    assert nobody == []


async def test_a_count_in_a_statement_ends_at_one_more_than_a_thousand(database: Database) -> None:
    many = select(func.generate_series(1, 5_000).label("n")).subquery()
    counts = select(
        counted("things", visible(THING)),
        counted("many", many.c.n > literal_column("0")),
        counted("few", many.c.n <= literal_column("7")),
    )
    async with database.read(Sight.ALL) as rows:
        assert await rows.one(Query(_Counts, counts), sight=Sight.ALL) == _Counts(23, 1_001, 7)


@pytest.mark.parametrize(
    ("words", "names"), [("%", {"b%2"}), ("_", {"a_1"}), (" C ", {"c"}), ("\x00", None), ("", None)]
)
async def test_words_are_words_and_no_pattern(
    database: Database, words: str, names: set[str] | None
) -> None:
    pattern = like(words)
    found = await walked(database, by("on", "id"), 50, sight=Sight.ALL, like=pattern)
    assert {row.name for row in found} == (names or {"a_1", "b%2", "c"})


async def test_only_what_the_caller_may_see_is_listed_and_counted(database: Database) -> None:
    listing = by("on", "id")
    own = Sight.of(["gm0141"])
    assert {row.participant for row in await walked(database, listing, 2, sight=own)} == {"gm0141"}
    assert await walked(database, listing, 2, sight=Sight.of([])) == []
    async with database.read(Sight.ALL) as rows:
        assert await listing.count(rows, 100, sight=own) == 8
        assert await listing.count(rows, 5, sight=own) == 6
        assert await listing.count(rows, 100, sight=own, name="c") == 0
        with pytest.raises(TypeError, match="sight"):
            await listing.page(rows, start(2))
        with pytest.raises(TypeError, match="unknown parameters: nome"):
            await listing.page(rows, start(2), sight=own, nome="c")


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("on", ("2026-13-01", str(uuid4()))),
        ("on", ("2026-03-01",)),
        ("on", ("2026-03-01", "geen")),
        ("at", ("2026-03-01T10:00:00", str(uuid4()))),
        ("amount", ("NaN", str(uuid4()))),
        ("amount", ([], str(uuid4()))),
        ("rank", (2**31, str(uuid4()))),
        ("rank", (True, str(uuid4()))),
        ("size", (2**63, str(uuid4()))),
        ("size", (1.5, str(uuid4()))),
        ("name", ("a\x00b", str(uuid4()))),
        ("name", (1, str(uuid4()))),
    ],
)
async def test_a_start_of_another_list_leads_to_no_page(
    database: Database, name: str, after: tuple[Any, ...]
) -> None:
    async with database.read(Sight.ALL) as rows:
        with pytest.raises(NotFound):
            await by(name, "id").page(rows, start(2, after), sight=Sight.ALL)


def test_a_row_must_have_what_it_is_sorted_by() -> None:
    @dataclass(frozen=True, slots=True)
    class Bare:
        id: UUID

    with pytest.raises(TypeError, match="rank"):
        Listing(Bare, select(THING.c.id), filters={}, order=(THING.c.rank, THING.c.id))

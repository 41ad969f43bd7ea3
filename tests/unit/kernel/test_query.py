"""Typed rows: the columns are the fields, at import; values get the types of the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, NewType
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.query import Query, present

metadata = MetaData()
ThingId = NewType("ThingId", UUID)


class Kind(StrEnum):
    FINE = "bestuurlijke boete"
    ORDER = "last onder dwangsom"


class OpenKind(str):
    """A value of a list that may grow."""

    __slots__ = ()


thing = Table(
    "thing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("amount", Numeric),
    Column("day", Date),
    Column("labels", ARRAY(Text), nullable=False),
    Column("more", JSONB, nullable=False),
)
part = Table("part", metadata, Column("thing_id", Uuid, nullable=False), Column("name", Text))


@dataclass(frozen=True, slots=True)
class ThingRow:
    id: ThingId
    kind: Kind
    amount: Decimal | None
    day: date | None
    labels: tuple[str, ...]
    more: Mapping[str, Any]


class Pair(NamedTuple):
    id: UUID
    kind: OpenKind


class Record(tuple[Any, ...]):  # noqa: SLOT001 - it has names
    """As asyncpg gives it: values by position, names aside."""

    names: Sequence[str] = ()

    def keys(self) -> Sequence[str]:
        return self.names

    def values(self) -> Sequence[Any]:
        return self


def record(**values: Any) -> Any:
    made = Record(values.values())
    made.names = list(values)
    return made


def test_a_row_has_the_types_of_its_fields() -> None:
    query = Query(ThingRow, select(thing))
    identity = uuid4()
    (row,) = query.many([record(id=identity, kind="bestuurlijke boete", amount=None, day=None,
                                labels=["a"], more={"b": 1})])  # fmt: skip
    assert row == ThingRow(ThingId(identity), Kind.FINE, None, None, ("a",), {"b": 1})
    assert row.kind is Kind.FINE
    assert type(row) is ThingRow
    assert hash(row.labels) == hash(("a",))
    with pytest.raises(FrozenInstanceError):
        row.kind = Kind.ORDER  # type: ignore[misc]


def test_the_columns_may_stand_in_another_order() -> None:
    query = Query(Pair, select(thing.c.kind, thing.c.id))
    identity = uuid4()
    (row,) = query.many([record(kind="onbekend", id=identity)])
    assert row == Pair(identity, OpenKind("onbekend"))
    assert type(row.kind) is OpenKind


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((thing.c.id,), "needs: kind"),
        ((thing.c.id, thing.c.kind, thing.c.day), "has no: day"),
        ((thing.c.id, thing.c.labels.label("kind")), "does not become"),
        ((thing.c.id, func.now().label("kind")), "does not become"),
        ((thing.c.id, part.c.name.label("kind")), "may be NULL"),
    ],
)
def test_columns_that_are_not_the_fields_are_refused_at_import(
    columns: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        Query(Pair, select(*columns))


def test_what_an_outer_join_leaves_open_must_be_optional() -> None:
    joined = thing.outerjoin(part, part.c.thing_id == thing.c.id)
    columns = (part.c.thing_id.label("id"), thing.c.kind)
    with pytest.raises(TypeError, match=r"Pair.id may be NULL"):
        Query(Pair, select(*columns).select_from(joined))
    Query(Pair, select(*columns).select_from(thing.join(part, part.c.thing_id == thing.c.id)))


def test_a_nullable_column_that_is_present_is_checked_as_it_runs() -> None:
    query = Query(Pair, select(thing.c.id, present(part.c.name, "kind")))
    assert query.many([record(id=uuid4(), kind="x")])[0].kind == "x"
    with pytest.raises(TypeError, match=r"Pair.kind is NULL"):
        query.many([record(id=uuid4(), kind=None)])


def test_a_value_outside_a_closed_list_is_an_error() -> None:
    query = Query(Kind, select(thing.c.kind))
    assert query.many([record(kind="last onder dwangsom")]) == [Kind.ORDER]
    with pytest.raises(ValueError, match="berisping"):
        query.many([record(kind="berisping")])


def test_one_column_needs_no_row_type() -> None:
    count = Query(int, select(func.count()))
    assert count.many([record(count_1=3)]) == [3]
    assert count.first([record(count_1=3)]) == 3
    assert count.first([]) is None
    latest = Query(date, select(func.max(thing.c.day)))
    assert latest.first([record(max_1=None)]) is None
    with pytest.raises(TypeError, match="NULL"):
        latest.many([record(max_1=None)])
    with pytest.raises(TypeError):
        Query(int, select(thing.c.id, thing.c.kind))
    with pytest.raises(TypeError, match="does not become"):
        Query(int, select(thing.c.kind))


def test_text_tells_its_columns_or_is_checked_at_its_first_row() -> None:
    told = text("SELECT id, kind FROM thing").columns(id=Uuid, kind=Text)
    assert Query(Pair, told).many([record(id=uuid4(), kind="x")])
    with pytest.raises(TypeError, match="needs: kind"):
        Query(Pair, text("SELECT id FROM thing").columns(id=Uuid))
    bare = Query(ThingRow, text("SELECT * FROM thing"))
    assert bare.many([]) == []
    identity = uuid4()
    (row,) = bare.many([record(kind="bestuurlijke boete", id=identity, day=None, labels=["a"],
                               amount=Decimal(1), more={})])  # fmt: skip
    assert (row.id, row.kind, row.labels) == (identity, Kind.FINE, ("a",))
    with pytest.raises(TypeError, match="needs: kind"):
        Query(Pair, text("SELECT id FROM thing")).many([record(id=identity)])


def test_what_a_write_returns_is_typed_too() -> None:
    query = Query(Pair, insert(thing).returning(thing.c.id, thing.c.kind))
    assert query.many([record(id=uuid4(), kind="x")])[0].kind == "x"


def test_a_union_is_checked_as_it_runs() -> None:
    both = union_all(select(thing.c.id, thing.c.kind), select(part.c.thing_id, part.c.name))
    query = Query(Pair, both)
    with pytest.raises(TypeError, match="NULL"):
        query.many([record(id=uuid4(), kind=None)])


@dataclass(frozen=True, slots=True)
class Checked:
    kind: str

    def __post_init__(self) -> None:
        if self.kind == "zoek":
            raise ValueError(self.kind)


@dataclass(frozen=True)
class WithoutSlots:
    kind: str


def test_rows_of_every_make_are_frozen_and_hold_to_their_own_rules() -> None:
    for row in (Checked, WithoutSlots):
        query = Query(row, select(thing.c.kind))
        (made,) = query.many([record(kind="x")])
        assert made == row("x")
        assert type(made) is row
        with pytest.raises(FrozenInstanceError):
            made.kind = "y"  # type: ignore[misc]
    with pytest.raises(ValueError, match="zoek"):
        Query(Checked, select(thing.c.kind)).many([record(kind="zoek")])


def test_fields_by_name_only_are_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Named:
        id: UUID

    with pytest.raises(TypeError, match="kw_only"):
        Query(Named, select(thing.c.id))


@given(st.permutations(["id", "kind"]), st.lists(st.sampled_from(list(Kind)), max_size=5))
def test_every_record_gives_one_row_in_order(order: list[str], kinds: list[Kind]) -> None:
    query = Query(Pair, select(*(thing.c[name] for name in order)))
    values = [{"id": uuid4(), "kind": kind.value} for kind in kinds]
    rows = query.many([record(**{name: value[name] for name in order}) for value in values])
    assert [row._asdict() for row in rows] == values

"""The list of locations, filtered and sorted, and one location."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.locations.tables import location
from shared.addresses import normal_postcode
from shared.contracts.risk import RiskClass
from shared.db.rows import Row, Rows
from shared.geo import Point, to_rd
from shared.http.paging import Paging, bad_cursor

MAX_WORDS = 6
COUNTED_TO = 1000
_participants = bindparam("participants", type_=ARRAY(Text))
_x, _y, _radius = (bindparam(name, type_=Float) for name in ("x", "y", "radius"))
_NEVER = literal(date(1900, 1, 1), Date)

ONE = select(location).where(
    location.c.id == bindparam("id"),
    or_(_participants.is_(None), location.c.participant == func.any(_participants)),
)


class Sort(NamedTuple):
    """What a list is sorted by; ties by the id, in the same direction."""

    column: ColumnElement[Any]
    descending: bool
    of_key: Any

    @property
    def key(self) -> str:
        return self.column.key or "sort_key"


def _number(key: object) -> Decimal:
    value = Decimal(str(key))
    if not abs(value) < 10_000:
        raise ValueError(key)
    return value


def _words(key: object) -> str:
    if not isinstance(key, str) or "\x00" in key:
        raise ValueError(key)
    return key


_last = func.coalesce(location.c.last_inspection, _NEVER).label("sort_key")
SORTS: Final[Mapping[str, Sort]] = {
    "-score": Sort(location.c.score, descending=True, of_key=_number),
    "score": Sort(location.c.score, descending=False, of_key=_number),
    "naam": Sort(location.c.name, descending=False, of_key=_words),
    "-naam": Sort(location.c.name, descending=True, of_key=_words),
    "laatste-controle": Sort(_last, descending=False, of_key=date.fromisoformat),
    "-laatste-controle": Sort(_last, descending=True, of_key=date.fromisoformat),
}
BY_SCORE = "-score"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is limited to; None does not limit."""

    participant: str | None = None
    activity: str | None = None
    risk_class: RiskClass | None = None
    search: str | None = None
    near: Point | None = None
    radius: float = 1000.0
    never_inspected: bool = False
    extra_inspection: bool = False
    active: bool = True

    def params(self, participants: list[str] | None) -> dict[str, Any]:
        """The arguments of those limits that are given."""
        given: dict[str, Any] = {
            "participants": participants,
            "participant": self.participant,
            "activity": None if self.activity is None else [self.activity],
            "risk_class": None if self.risk_class is None else str(self.risk_class),
            "active": self.active,
        }
        if self.near is not None:
            x, y = to_rd(self.near)
            given |= {"x": x, "y": y, "radius": self.radius}
        words = {f"word{n}": _pattern(word) for n, word in enumerate(self.words)}
        return {name: value for name, value in (given | words).items() if value is not None}

    @property
    def flags(self) -> frozenset[str]:
        """The limits that need no argument."""
        names = ("never_inspected", "extra_inspection")
        return frozenset(name for name in names if getattr(self, name))

    @property
    def words(self) -> list[str]:
        """What is searched for: each word must occur."""
        found = (self.search or "").split()
        return [normal_postcode(word).lower() for word in found][:MAX_WORDS]


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


_LIMITS: Final[Mapping[str, ColumnElement[bool]]] = {
    "participants": location.c.participant == func.any(_participants),
    "participant": location.c.participant == bindparam("participant"),
    "activity": location.c.activities.contains(bindparam("activity", type_=ARRAY(Text))),
    "risk_class": location.c.risk_class == bindparam("risk_class"),
    "active": location.c.active == bindparam("active"),
    "never_inspected": location.c.last_inspection.is_(None),
    "extra_inspection": location.c.extra_inspection,
    "x": location.c.rd_x.between(_x - _radius, _x + _radius),
    "y": location.c.rd_y.between(_y - _radius, _y + _radius),
    "radius": func.power(location.c.rd_x - _x, 2) + func.power(location.c.rd_y - _y, 2)
    <= _radius * _radius,
    **{
        f"word{n}": location.c.search_text.like(bindparam(f"word{n}", type_=Text))
        for n in range(MAX_WORDS)
    },
}


def _limited(names: frozenset[str]) -> Select[Any]:
    return select(location).where(*(_LIMITS[name] for name in sorted(names)))


@lru_cache(maxsize=512)
def _listed(names: frozenset[str], sort: str, *, more: bool) -> Select[Any]:
    """The statement with these limits alone, so that the planner sees just what is asked."""
    by = SORTS[sort]
    columns = (by.column, location.c.id)
    statement = _limited(names).limit(bindparam("n", type_=Integer))
    if by.key == "sort_key":
        statement = statement.add_columns(by.column)
    if more:
        after = tuple_(bindparam("after", type_=by.column.type), bindparam("after_id", type_=Uuid))
        place = tuple_(*columns)
        statement = statement.where(place < after if by.descending else place > after)
    order = (column.desc() if by.descending else column.asc() for column in columns)
    return statement.order_by(*order)


@lru_cache(maxsize=512)
def _counted(names: frozenset[str]) -> Select[Any]:
    found = _limited(names).with_only_columns(literal(1)).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(found)


async def page_of_locations(
    rows: Rows,
    participants: list[str] | None,
    filters: Filters,
    page: Paging,
    sort: str = BY_SCORE,
) -> tuple[list[Row], Sequence[Any] | None]:
    """A page of locations, and the key of the next page."""
    params = filters.params(participants)
    names = frozenset(params) | filters.flags
    by = SORTS[sort]
    after = _after(page, by)
    found = await rows.all(
        _listed(names, sort, more=after is not None), **params, **(after or {}), n=page.limit + 1
    )
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1][by.key], found[-1]["id"]) if more else None


async def count_of_locations(rows: Rows, participants: list[str] | None, filters: Filters) -> int:
    """How many there are, counted to a thousand and one."""
    params = filters.params(participants)
    return int(await rows.value(_counted(frozenset(params) | filters.flags), **params))


def _after(page: Paging, sort: Sort) -> dict[str, Any] | None:
    if page.after is None:
        return None
    try:
        key, location_id = page.after
        return {"after": sort.of_key(key), "after_id": UUID(str(location_id))}
    except (ValueError, ArithmeticError, TypeError):
        raise bad_cursor() from None


async def one(rows: Rows, location_id: UUID, participants: list[str] | None) -> Row:
    """The location. Raises NotFound when it is not there, or not for this caller."""
    return await rows.one(ONE, "Deze locatie", id=location_id, participants=participants)

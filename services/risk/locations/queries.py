"""Locations with their scores by the active model: a list, filtered and sorted, and one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.context import ReadCtx
from services.risk.locations.tables import NEVER, last_inspected, location
from services.risk.models.store import ACTIVE_ID
from services.risk.models.tables import risk_model
from services.risk.scores.tables import location_score
from shared.contracts.risk import RiskClass
from shared.db.query import Query
from shared.db.sight import EVERYONE, visible
from shared.geo import Box, Point, to_rd
from shared.http.paging import Paging, bad_cursor
from shared.product.roles import Scope

MAX_WORDS: Final = 6
COUNTED_TO: Final = 1000


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location with its present score; without a model version it has none yet."""

    id: UUID
    number: str
    version: int
    source_key: str | None
    name: str
    participant: str
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    lon: float
    lat: float
    rd_x: float
    rd_y: float
    activities: tuple[str, ...]
    core_activity: str | None
    active: bool
    last_inspection: date | None
    score: Decimal
    risk_class: RiskClass
    extra_inspection: bool
    model_version: str | None


_OWN = (
    *("id", "number", "version", "source_key", "name", "participant", "street", "house_number"),
    *("postcode", "city", "lon", "lat", "rd_x", "rd_y", "activities", "core_activity", "active"),
    "last_inspection",
)
_scored = location_score.c
_OF_ACTIVE = (_scored.location_id == location.c.id) & (_scored.model_id == ACTIVE_ID)
_MODEL_VERSION = (
    select(risk_model.c.model_version)
    .where(risk_model.c.id == _scored.model_id)
    .scalar_subquery()
    .label("model_version")
)
# Also one that its score is still to come of: it is there.
ONE: Final = Query(
    LocationRow,
    select(
        *(location.c[name] for name in _OWN),
        func.coalesce(_scored.score, literal(Decimal(0))).label("score"),
        func.coalesce(_scored.risk_class, literal(str(RiskClass.LOW))).label("risk_class"),
        func.coalesce(_scored.extra_inspection, literal(value=False)).label("extra_inspection"),
        _MODEL_VERSION,
    )
    .select_from(location.outerjoin(location_score, _OF_ACTIVE))
    .where(location.c.id == bindparam("id"), visible(location)),
)
_LISTED: Final = select(
    *(location.c[name] for name in _OWN),
    _scored.score,
    _scored.risk_class,
    _scored.extra_inspection,
    _MODEL_VERSION,
).select_from(location.join(location_score, _OF_ACTIVE))


class Sort(NamedTuple):
    """What a list is sorted by; ties by the id, in the same direction."""

    column: ColumnElement[Any]
    descending: bool
    of_key: Any
    key_of: Any


def _number(key: object) -> Decimal:
    value = Decimal(str(key))
    if not abs(value) < 10_000:
        raise ValueError(key)
    return value


def _words(key: object) -> str:
    if not isinstance(key, str) or "\x00" in key:
        raise ValueError(key)
    return key


def _inspected(row: LocationRow) -> date:
    return row.last_inspection or date(1900, 1, 1)


def _by(column: ColumnElement[Any], of_key: Any, key_of: Any) -> tuple[Sort, Sort]:
    return Sort(column, False, of_key, key_of), Sort(column, True, of_key, key_of)


_score, _score_down = _by(_scored.score, _number, lambda row: row.score)
_name, _name_down = _by(location.c.name, _words, lambda row: row.name)
_last, _last_down = _by(last_inspected, date.fromisoformat, _inspected)
SORTS: Final[Mapping[str, Sort]] = {
    "-score": _score_down,
    "score": _score,
    "naam": _name,
    "-naam": _name_down,
    "laatste-controle": _last,
    "-laatste-controle": _last_down,
}
BY_SCORE: Final = "-score"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is limited to; None does not limit."""

    participant: str | None = None
    activity: str | None = None
    risk_class: RiskClass | None = None
    search: str | None = None
    near: Point | None = None
    radius: float = 1000.0
    within: Box | None = None
    never_inspected: bool = False
    extra_inspection: bool = False
    active: bool = True

    def params(self) -> dict[str, Any]:
        """The arguments of those limits that are given."""
        given: dict[str, Any] = {
            "participant": self.participant,
            "activity": None if self.activity is None else [self.activity],
            "risk_class": None if self.risk_class is None else str(self.risk_class),
            "active": self.active,
        }
        if self.near is not None:
            x, y = to_rd(self.near)
            given |= {"x": x, "y": y, "radius": self.radius}
        if self.within is not None:
            given |= dict(zip(_EDGES, self.within.rd, strict=True))
            given |= dict(zip(_DEGREES, self.within.degrees or (), strict=False))
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
        return (self.search or "").lower().split()[:MAX_WORDS]


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


_EDGES: Final = ("from_x", "from_y", "to_x", "to_y")
_DEGREES: Final = ("west", "south", "east", "north")


def _corners(names: Sequence[str], x: Column[float], y: Column[float]) -> dict[str, Any]:
    """Within two corners: the first two names are the least values."""
    low_x, low_y, high_x, high_y = (bindparam(name, type_=Float) for name in names)
    return dict(zip(names, (x >= low_x, y >= low_y, x <= high_x, y <= high_y), strict=True))


_x, _y, _radius = (bindparam(name, type_=Float) for name in ("x", "y", "radius"))
_LIMITS: Final[Mapping[str, ColumnElement[bool]]] = {
    EVERYONE: visible(location_score),
    "participant": _scored.participant == bindparam("participant"),
    "activity": location.c.activities.contains(bindparam("activity", type_=ARRAY(Text))),
    "risk_class": _scored.risk_class == bindparam("risk_class"),
    "active": _scored.active == bindparam("active"),
    "never_inspected": last_inspected == NEVER,
    "extra_inspection": _scored.extra_inspection,
    "x": location.c.rd_x.between(_x - _radius, _x + _radius),
    "y": location.c.rd_y.between(_y - _radius, _y + _radius),
    "radius": func.power(location.c.rd_x - _x, 2) + func.power(location.c.rd_y - _y, 2)
    <= _radius * _radius,
    **_corners(_EDGES, location.c.rd_x, location.c.rd_y),
    **_corners(_DEGREES, location.c.lon, location.c.lat),
    **{
        f"word{n}": location.c.search_text.like(bindparam(f"word{n}", type_=Text))
        for n in range(MAX_WORDS)
    },
}


def _limited(names: frozenset[str]) -> Select[Any]:
    return _LISTED.where(*(_LIMITS[name] for name in sorted(names)))


@lru_cache(maxsize=512)
def _listed(names: frozenset[str], sort: str, *, more: bool) -> Query[LocationRow]:
    """The statement with these limits alone, so that the planner sees just what is asked."""
    by = SORTS[sort]
    # Of the same table as the column before it, so that one index gives the order.
    tie = _scored.location_id if by.column is _scored.score else location.c.id
    columns = (by.column, tie)
    statement = _limited(names).limit(bindparam("n", type_=Integer))
    if more:
        after = tuple_(bindparam("after", type_=by.column.type), bindparam("after_id", type_=Uuid))
        key = tuple_(*columns)
        statement = statement.where(key < after if by.descending else key > after)
    order = (column.desc() if by.descending else column.asc() for column in columns)
    return Query(LocationRow, statement.order_by(*order))


@lru_cache(maxsize=512)
def _counted(names: frozenset[str]) -> Query[int]:
    some = _limited(names).with_only_columns(literal(1)).limit(COUNTED_TO + 1).subquery()
    return Query(int, select(func.count()).select_from(some))


async def page_of_locations(
    filters: Filters, page: Paging, ctx: ReadCtx, *, sort: str = BY_SCORE
) -> tuple[list[LocationRow], Sequence[Any] | None]:
    """A page of locations, and the key of the next page."""
    ctx.require(Scope.LOCATIONS_READ)
    params, names = _arguments(filters, ctx)
    by = SORTS[sort]
    after = _after(page, by)
    statement = _listed(names, sort, more=after is not None)
    rows = await ctx.rows.all(
        statement, sight=ctx.sight, **params, **(after or {}), n=page.limit + 1
    )
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return shown, (by.key_of(shown[-1]), shown[-1].id) if more else None


async def count_of_locations(filters: Filters, ctx: ReadCtx) -> int:
    """How many there are, counted to a thousand and one."""
    ctx.require(Scope.LOCATIONS_READ)
    params, names = _arguments(filters, ctx)
    return await ctx.rows.one(_counted(names), sight=ctx.sight, **params)


def _arguments(filters: Filters, ctx: ReadCtx) -> tuple[dict[str, Any], frozenset[str]]:
    params = filters.params()
    return params, frozenset(params) | filters.flags | {EVERYONE}


def _after(page: Paging, sort: Sort) -> dict[str, Any] | None:
    if page.after is None:
        return None
    try:
        key, location_id = page.after
        return {"after": sort.of_key(key), "after_id": UUID(str(location_id))}
    except (ValueError, ArithmeticError, TypeError):
        raise bad_cursor() from None


async def one(location_id: UUID, ctx: ReadCtx) -> LocationRow:
    """The location. Raises NotFound when it is not there, or not for this caller."""
    ctx.require(Scope.LOCATIONS_READ)
    return await ctx.rows.one(ONE, "Deze locatie", id=location_id, sight=ctx.sight)

"""A programme under capacity, from the scores of this moment: ranked and filled by the database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from services.risk.context import ReadCtx
from services.risk.locations.tables import location
from services.risk.models.store import ScoringModel, active
from services.risk.programmes.domain import Programme, Ranking, Reason, Request
from services.risk.scores.tables import location_score
from shared.contracts.risk import RiskClass
from shared.db.query import Query
from shared.db.sight import visible
from shared.product.roles import Scope

# As many that just miss it are shown with the reason.
RESERVES: Final = 10
COUNTED_TO: Final = 10_000


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A location at its place; `through` are the hours of all up to and with it."""

    rank: int
    location_id: UUID
    number: str
    name: str
    city: str | None
    participant: str
    score: Decimal
    risk_class: RiskClass
    last_inspection: date | None
    hours: Decimal
    through: Decimal


class _Last(NamedTuple):
    rank: int
    score: Decimal
    through: Decimal


@dataclass(frozen=True, slots=True)
class Planned:
    """A page of the programme, and those that just missed it."""

    programme: Programme
    places: list[RankedRow]
    reserves: list[RankedRow]
    model_version: str
    confirmed: bool

    def reason(self, row: RankedRow) -> str:
        """Why the location is or is not chosen, in Dutch."""
        left = _hours(self.programme.left)
        match self.programme.reason(row.rank):
            case Reason.CHOSEN:
                return f"gekozen: {_hours(row.through)} van {_hours(self.programme.hours)} uur"
            case Reason.DOES_NOT_FIT:
                return f"past niet: kost {_hours(row.hours)} uur, er is {left} uur over"
            case Reason.BELOW:
                return "staat na de eerste die niet past"


def _hours(hours: Decimal) -> str:
    return f"{hours.normalize():f}".replace(".", ",")


_scored = location_score.c
_hours_of = {each: bindparam(f"hours_{each.name}", type_=Numeric) for each in RiskClass}
_participant = bindparam("participant", type_=Text)
_threshold = bindparam("threshold", type_=Numeric)
_available = bindparam("available", type_=Numeric)
_COMPETES: Final = (
    _scored.model_id == bindparam("model_id", type_=Uuid),
    _scored.active,
    visible(location_score),
    or_(_participant.is_(None), _scored.participant == _participant),
)


def _heaviest(risk_class: RiskClass) -> Select[Any]:
    """The heaviest of a class, no more of them than the hours can suffice for."""
    return (
        select(
            _scored.location_id,
            _scored.score,
            _scored.risk_class,
            _scored.participant,
            _hours_of[risk_class].label("hours"),
        )
        .where(*_COMPETES, _scored.risk_class == literal(str(risk_class)))
        .order_by(_scored.score.desc(), _scored.location_id.desc())
        .limit(bindparam(f"most_{risk_class.name}", type_=Integer))
    )


class _Statements(NamedTuple):
    """The last that is chosen, the places after a rank, and how many chosen ones are heavier."""

    last: Query[_Last]
    rows: Query[RankedRow]
    heavier: Query[int]


@lru_cache(maxsize=2)
def _statements(ranking: Ranking) -> _Statements:
    every: CompoundSelect[Any] = union_all(
        *(select(_heaviest(each).subquery()) for each in RiskClass)
    )
    candidate = every.subquery().c
    worth: ColumnElement[Any] = candidate.score
    if ranking is Ranking.SCORE_PER_HOUR:
        worth = candidate.score / candidate.hours
    order = (worth.desc(), candidate.location_id.desc())
    ranked = select(
        func.row_number().over(order_by=order).label("rank"),
        candidate.location_id,
        candidate.score,
        candidate.risk_class,
        candidate.participant,
        candidate.hours,
        func.sum(candidate.hours).over(order_by=order, rows=(None, 0)).label("through"),
    ).subquery()
    place = ranked.c
    last = (
        select(place.rank, place.score, place.through)
        .where(place.through <= _available)
        .order_by(place.rank.desc())
        .limit(1)
    )
    page = (
        select(ranked)
        .where(place.rank > bindparam("above", type_=Integer))
        .order_by(place.rank)
        .limit(bindparam("n", type_=Integer))
        .subquery()
    )
    rows = (
        select(
            page.c.rank,
            page.c.location_id,
            location.c.number,
            location.c.name,
            location.c.city,
            page.c.participant,
            page.c.score,
            page.c.risk_class,
            location.c.last_inspection,
            page.c.hours,
            page.c.through,
        )
        .select_from(page.join(location, location.c.id == page.c.location_id))
        .order_by(page.c.rank)
    )
    heavier = select(func.count()).where(place.through <= _available, place.score > _threshold)
    return _Statements(Query(_Last, last), Query(RankedRow, rows), Query(int, heavier))


def _counted(*limits: Any) -> Query[int]:
    some = (
        select(literal(1))
        .where(*_COMPETES, *limits)
        .limit(bindparam("count_to", type_=Integer))
        .subquery()
    )
    return Query(int, select(func.count()).select_from(some))


CANDIDATES: Final = _counted()
HEAVIER: Final = _counted(_scored.score > _threshold)


async def planned(request: Request, start: int, n: int, ctx: ReadCtx) -> Planned:
    """Rank the locations that the caller sees, fill the hours, and give a page from this place."""
    ctx.require(Scope.LOCATIONS_READ)
    scoring = await active(ctx.rows)
    of = _statements(request.ranking)
    who: dict[str, Any] = {
        "model_id": scoring.id,
        "participant": request.participant,
        "sight": ctx.sight,
    }
    places = {**who, **_limits(request, scoring)}
    params = {**places, "available": Decimal(request.hours)}
    last = await ctx.rows.first(of.last, **params)
    chosen = last.rank if last else 0
    page = min(n, max(chosen - start, 0))
    candidates = await ctx.rows.one(CANDIDATES, "Dit aantal", **who, count_to=COUNTED_TO + 1)
    passed_over = 0
    if last is not None and request.ranking is not Ranking.SCORE:
        above: dict[str, Any] = {"threshold": last.score}
        within = await ctx.rows.one(of.heavier, "Dit aantal", **params, **above)
        above["count_to"] = within + COUNTED_TO
        passed_over = await ctx.rows.one(HEAVIER, "Dit aantal", **who, **above) - within
    return Planned(
        programme=Programme(
            hours=Decimal(request.hours),
            used=last.through if last else Decimal(0),
            chosen=chosen,
            candidates=candidates,
            threshold=last.score if last else None,
            passed_over=passed_over,
        ),
        places=await ctx.rows.all(of.rows, **places, above=start, n=page) if page else [],
        reserves=await ctx.rows.all(of.rows, **places, above=chosen, n=RESERVES),
        model_version=scoring.model.version,
        confirmed=scoring.confirmed,
    )


def _limits(request: Request, scoring: ScoringModel) -> dict[str, Any]:
    """The hours of each class, and how many of it can be of interest."""
    params: dict[str, Any] = {}
    for each in RiskClass:
        hours = Decimal(str(scoring.model.hours.of(each)))
        params[f"hours_{each.name}"] = hours
        params[f"most_{each.name}"] = int(request.hours / hours) + 1 + RESERVES
    return params

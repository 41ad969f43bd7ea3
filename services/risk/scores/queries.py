"""The score of one location with everything that a reader of it asks, and its earlier scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Integer, bindparam, or_, select

from services.risk.context import ReadCtx
from services.risk.locations.domain.facts import ComplaintFigures, figures
from services.risk.locations.facts import facts_of
from services.risk.locations.queries import LocationRow
from services.risk.models.domain import Model
from services.risk.models.store import active
from services.risk.scores.domain.scoring import Change, Score, changes
from services.risk.scores.domain.scoring import score as scored
from services.risk.scores.tables import score
from shared.contracts.risk import RiskClass
from shared.db.query import Query
from shared.http.paging import Paging, bad_cursor
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score, the model it came from, the complaints counted, and what would change it."""

    score: Score
    changes: Sequence[Change]
    figures: ComplaintFigures
    model: Model
    confirmed: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An earlier score, with its terms as they were and what led to it."""

    seq: int
    score: Decimal
    risk_class: RiskClass
    model_version: str
    terms: Sequence[Mapping[str, Any]]
    cause: str
    cause_event: UUID | None
    scored_at: datetime


_before = bindparam("before", type_=BigInteger)
HISTORY: Final = Query(
    HistoryRow,
    select(*(score.c[name] for name in HistoryRow.__dataclass_fields__))
    .where(
        score.c.location_id == bindparam("id"),
        or_(_before.is_(None), score.c.seq < _before),
    )
    .order_by(score.c.seq.desc())
    .limit(bindparam("n", type_=Integer)),
)


async def explained(location: LocationRow, ctx: ReadCtx) -> Explanation:
    """The score of the location on the facts of this moment."""
    ctx.require(Scope.LOCATIONS_READ)
    scoring = await active(ctx.rows)
    model = scoring.model
    months = model.complaints.trigger_months
    facts = (await facts_of(ctx.rows, [location], ctx.today, months))[location.id]
    return Explanation(
        score=scored(model, facts, ctx.today),
        changes=changes(model, facts, ctx.today),
        figures=figures(facts.complaints, ctx.today),
        model=model,
        confirmed=scoring.confirmed,
    )


async def history(
    location: LocationRow, page: Paging, ctx: ReadCtx
) -> tuple[list[HistoryRow], Sequence[Any] | None]:
    """A page of earlier scores, newest first, and the key of the next page."""
    ctx.require(Scope.LOCATIONS_READ)
    before = None
    if page.after is not None:
        before = page.after[0]
        if len(page.after) != 1 or not isinstance(before, int) or abs(before) >= 2**63:
            raise bad_cursor()
    rows = await ctx.rows.all(HISTORY, id=location.id, before=before, n=page.limit + 1)
    shown = rows[: page.limit]
    return shown, (shown[-1].seq,) if len(rows) > page.limit else None


async def latest(location: LocationRow, n: int, ctx: ReadCtx) -> list[HistoryRow]:
    """The newest scores, newest first."""
    ctx.require(Scope.LOCATIONS_READ)
    return await ctx.rows.all(HISTORY, id=location.id, before=None, n=n)

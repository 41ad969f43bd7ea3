"""The score of one location of today, with everything that a reader of it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, bindparam, or_, select

from services.risk.locations import store
from services.risk.locations.domain import ComplaintFigures, Facts, figures
from services.risk.models import store as models
from services.risk.models.domain import Model
from services.risk.scores.domain.scoring import Change, Score, changes
from services.risk.scores.domain.scoring import score as scored
from services.risk.scores.tables import score
from shared.clock import Clock, local_date
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

_before = bindparam("before", type_=BigInteger)
HISTORY = (
    select(score)
    .where(
        score.c.location_id == bindparam("id"),
        or_(_before.is_(None), score.c.seq < _before),
    )
    .order_by(score.c.seq.desc())
    .limit(bindparam("n", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A score, the facts and the model it came from, and what would change it."""

    score: Score
    changes: Sequence[Change]
    figures: ComplaintFigures
    facts: Facts
    model: Model
    confirmed: bool


async def explained(rows: Rows, location: Row, clock: Clock) -> Explained:
    """Score the location on the facts of this moment."""
    active = await rows.one(models.ACTIVE, "Een actief risicomodel")
    model = models.model_of(active)
    facts = (await store.facts_of(rows, [location]))[location["id"]]
    today = local_date(clock.now())
    return Explained(
        score=scored(model, facts, today),
        changes=changes(model, facts, today),
        figures=figures(facts.complaints, today),
        facts=facts,
        model=model,
        confirmed=active["confirmed"],
    )


async def history(
    rows: Rows, location_id: UUID, page: Paging
) -> tuple[list[Row], Sequence[Any] | None]:
    """A page of earlier scores, newest first, and the key of the next page."""
    before = None
    if page.after is not None:
        before = page.after[0]
        if len(page.after) != 1 or not isinstance(before, int) or abs(before) >= 2**63:
            raise bad_cursor()
    found = await rows.all(HISTORY, id=location_id, before=before, n=page.limit + 1)
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1]["seq"],) if more else None


async def latest(rows: Rows, location_id: UUID, n: int) -> list[Row]:
    """The newest scores, newest first."""
    return await rows.all(HISTORY, id=location_id, before=None, n=n)

"""The scores as they are kept: the present one of each model in use, and the history."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, bindparam, delete, exists, func, or_, select, update

from services.risk.locations.store import LockedLocation, any_of
from services.risk.locations.tables import location as location_table
from services.risk.models.domain import ModelState
from services.risk.models.tables import risk_model
from services.risk.scores.domain.scoring import Score, Term
from services.risk.scores.tables import location_score, score
from shared.contracts.risk import RiskClass
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork


class PresentScore(NamedTuple):
    """The score of a location by one of the models in use."""

    model_id: UUID
    location_id: UUID
    score: Decimal
    risk_class: RiskClass


_n = bindparam("n", type_=Integer)
_model = bindparam("model_id", type_=Uuid)
_after = bindparam("after", type_=Uuid)
PRESENT: Final = Query(
    PresentScore,
    select(*(location_score.c[name] for name in PresentScore._fields)).where(
        any_of(location_score.c.model_id, "models"), any_of(location_score.c.location_id)
    ),
)
# The lock is on the location, as everybody's who scores; what another has in hand is left to it.
OLDER: Final = Query(
    UUID,
    select(location_score.c.location_id)
    .join(location_table, location_table.c.id == location_score.c.location_id)
    .where(
        location_score.c.model_id == _model,
        location_score.c.scored_at < bindparam("before", type_=DateTime(timezone=True)),
    )
    .order_by(location_score.c.scored_at)
    .limit(_n)
    .with_for_update(of=location_table, skip_locked=True),
)
NEXT: Final = Query(
    UUID,
    select(location_table.c.id)
    .where(or_(_after.is_(None), location_table.c.id > _after))
    .order_by(location_table.c.id)
    .limit(_n),
)
_retired = select(risk_model.c.id).where(
    risk_model.c.state == str(ModelState.RETIRED),
    exists().where(location_score.c.model_id == risk_model.c.id),
)
_RETIRED: Final = Query(UUID, _retired.limit(1))
_outdated = select(location_score.c.location_id).where(location_score.c.model_id == _model)
_FORGET: Final = delete(location_score).where(
    location_score.c.model_id == _model,
    location_score.c.location_id.in_(_outdated.limit(_n)),
)
# One row says it for all locations: `rescore_due` takes the older scores in batches.
SCORE_ALL_ANEW: Final = (
    update(risk_model)
    .where(risk_model.c.state == str(ModelState.ACTIVE))
    .values(anew_since=func.now())
)


async def present(
    rows: Rows, models: Sequence[UUID], locations: Iterable[UUID]
) -> dict[tuple[UUID, UUID], PresentScore]:
    """The scores of these locations, by model and location."""
    found = await rows.all(PRESENT, models=list(models), ids=sorted(locations))
    return {(row.model_id, row.location_id): row for row in found}


def keep(work: UnitOfWork, model_id: UUID, location: LockedLocation, result: Score) -> None:
    """Store the score of a location by a model."""
    row = {
        "model_id": model_id,
        "location_id": location.id,
        "participant": location.participant,
        "active": location.active,
        "score": result.total,
        "risk_class": str(result.risk_class),
        "extra_inspection": result.extra_inspection,
        "scored_at": work.now,
    }
    work.upsert(location_score, row, keys=("model_id", "location_id"))


def remember(
    work: UnitOfWork, location_id: UUID, result: Score, cause: str, event_id: UUID | None
) -> None:
    """Add a score to the history, with its explanation and what led to it."""
    row = {
        "location_id": location_id,
        "score": result.total,
        "risk_class": str(result.risk_class),
        "model_version": result.model_version,
        "terms": [as_json(term) for term in result.terms],
        "cause": cause,
        "cause_event": event_id,
        "scored_at": work.now,
    }
    work.insert(score, row)


def note_scored(
    work: UnitOfWork, location_id: UUID, version: int, inspected_on: date | None
) -> None:
    """Queue the version of the score of a location, and the inspection that lists show with it."""
    values = {"score_version": version, "last_inspection": inspected_on}
    work.update(location_table, key={"id": location_id}, values=values)


async def forget_retired(work: UnitOfWork, n: int) -> bool:
    """Delete so many scores of a model that is retired; whether there were any."""
    retired = await work.first(_RETIRED)
    if retired is not None:
        await work.execute(_FORGET, model_id=retired, n=n)
    return retired is not None


async def older_than(work: UnitOfWork, model_id: UUID, before: datetime, n: int) -> list[UUID]:
    """Locations whose score is older, the oldest first, locked."""
    return await work.all(OLDER, model_id=model_id, before=before, n=n)


async def next_locations(rows: Rows, after: UUID | None, n: int) -> list[UUID]:
    """The locations that follow in the order of their ids."""
    return await rows.all(NEXT, after=after, n=n)


def as_json(term: Term) -> dict[str, Any]:
    """A term as it is kept; numbers as text, so that they come back to the digit."""
    return {
        "name": term.name,
        "value": str(term.value),
        "weight": str(term.weight),
        "contribution": str(term.contribution),
        "source": term.source,
        "on": term.on.isoformat() if term.on else None,
        "parts": [
            {"name": part.name, "value": str(part.value), "explanation": part.explanation}
            for part in term.parts
        ],
    }

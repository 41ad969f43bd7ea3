"""Scores many locations at once: facts in a few reads, rules in memory, results in one write."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, bindparam, or_, select

from services.risk.locations import store
from services.risk.locations.domain import Facts
from services.risk.locations.tables import location
from services.risk.models import store as models
from services.risk.scores.domain.scoring import Score, Term, score
from services.risk.scores.tables import score as history
from shared.contracts.risk import RiskScored
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork

_DAY = bindparam("day", type_=Date)
DUE = (
    select(location.c.id)
    .where(location.c.active, or_(location.c.scored_on.is_(None), location.c.scored_on < _DAY))
    .order_by(location.c.scored_on.nulls_first())
    .limit(bindparam("n", type_=Integer))
    .with_for_update(skip_locked=True)
)
BATCH = 2000


class Cause(NamedTuple):
    """Why a score was made; `tells` keeps the explanation even when the score stayed the same."""

    text: str
    event_id: UUID | None = None
    tells: bool = False


async def rescore(work: UnitOfWork, causes: Mapping[UUID, Cause]) -> None:
    """Score these locations anew; tell the world of each score that changed."""
    await work.flush()
    rows = await store.lock_all(work, list(causes))
    if not rows:
        return
    model = await models.active_model(work)
    facts = await store.facts_of(work, rows)
    for row in rows:
        known = facts[row["id"]]
        _keep(work, row, known, score(model, known, work.today), causes[row["id"]])


async def rescore_due(work: UnitOfWork, size: int = BATCH) -> int:
    """Score a batch of those that were not scored today: time passes also without events."""
    due = [row["id"] for row in await work.all(DUE, day=work.today, n=size)]
    await rescore(work, dict.fromkeys(due, Cause("tijdsverloop of nieuw model")))
    return len(due)


def _keep(work: UnitOfWork, row: Row, facts: Facts, result: Score, cause: Cause) -> None:
    changed = (row["score"], row["risk_class"], row["model_version"]) != (
        result.total,
        result.risk_class,
        result.model_version,
    )
    last = facts.last_inspection
    values = {
        "score": result.total,
        "risk_class": str(result.risk_class),
        "model_version": result.model_version,
        "score_version": row["score_version"] + changed,
        "last_inspection": last.on if last else None,
        "extra_inspection": result.extra_inspection,
        "scored_on": work.today,
    }
    work.update(location, key={"id": row["id"]}, values=values)
    if changed or cause.tells:
        _remember(work, row, result, cause)
    if changed:
        _tell(work, row, result, values["score_version"])


def _remember(work: UnitOfWork, row: Row, result: Score, cause: Cause) -> None:
    work.insert(
        history,
        {
            "location_id": row["id"],
            "score": result.total,
            "risk_class": str(result.risk_class),
            "model_version": result.model_version,
            "terms": [as_json(term) for term in result.terms],
            "cause": cause.text,
            "cause_event": cause.event_id,
            "scored_at": work.now,
        },
    )


def _tell(work: UnitOfWork, row: Row, result: Score, version: int) -> None:
    work.publish(
        RiskScored(
            version=version,
            participant=row["participant"],
            location_id=row["id"],
            score=result.total,
            risk_class=result.risk_class,
            model_version=result.model_version,
            scored_at=work.now,
        )
    )


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

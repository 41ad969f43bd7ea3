"""Scores many locations at once: facts in two reads, rules in memory, results in one write."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.risk import domain, repository
from services.risk.tables import location, score
from shared.contracts.risk import RiskScored
from shared.rows import Row
from shared.work import Work


async def rescore(work: Work, ids: Collection[UUID], cause: str) -> None:
    """Score these locations anew; tell the world of each score that changed."""
    await work.flush()
    rows = await repository.lock_all(work, list(ids))
    if not rows:
        return
    model = await repository.active_model(work)
    facts = await repository.facts_of(work, rows)
    for row in rows:
        result = domain.score(model, facts[row["id"]], work.today)
        if _changed(row, result):
            _keep(work, row, result, cause)


def _changed(row: Row, result: domain.Score) -> bool:
    return (row["score"], row["risk_class"], row["model_version"]) != (
        result.total,
        result.risk_class,
        result.model_version,
    )


def _keep(work: Work, row: Row, result: domain.Score, cause: str) -> None:
    values = {
        "score": result.total,
        "risk_class": str(result.risk_class),
        "model_version": result.model_version,
        "scored_at": work.now,
    }
    work.update(location, key={"id": row["id"]}, values=values)
    terms = [as_json(term) for term in result.terms]
    work.insert(score, {"location_id": row["id"], **values, "terms": terms, "cause_event": cause})
    work.publish(
        RiskScored(
            version=row["version"],
            participant=row["participant"],
            location_id=row["id"],
            score=result.total,
            risk_class=result.risk_class,
            model_version=result.model_version,
            scored_at=work.now,
        )
    )


def as_json(term: domain.Term) -> dict[str, Any]:
    """A term as it is kept."""
    return {
        "name": term.name,
        "value": str(term.value),
        "weight": str(term.weight),
        "contribution": str(term.contribution),
        "source": term.source,
        "on": term.on.isoformat() if term.on else None,
    }

"""A programme under capacity, from the scores of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.risk import repository
from services.risk.domain.programme import Candidate, Programme, Ranking, programme
from services.risk.views import reference
from shared.contracts.risk import RiskClass
from shared.db.rows import Row, Rows


@dataclass(frozen=True, slots=True)
class Place:
    """A location in the programme, with the hours it takes."""

    row: Row
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Planned:
    """The programme with the rows of its locations."""

    programme: Programme
    places: Sequence[Place]
    candidates: int
    model_version: str
    confirmed: bool


async def planned(
    rows: Rows,
    participants: list[str] | None,
    hours: int,
    participant: str | None = None,
    *,
    ranking: Ranking = Ranking.SCORE,
) -> Planned:
    """Rank the locations that the caller sees, and fill the hours."""
    active = await rows.one(repository.ACTIVE_MODEL, "Een actief risicomodel")
    model = repository.model_of(active)
    found = await rows.all(reference.CANDIDATES, participants=participants, participant=participant)
    by_id = {str(row["id"]): row for row in found}
    norms = {risk_class: Decimal(str(model.hours.of(risk_class))) for risk_class in RiskClass}
    candidates = [
        Candidate(key, row["score"], norms[RiskClass(row["risk_class"])])
        for key, row in by_id.items()
    ]
    result = programme(candidates, Decimal(hours), ranking)
    return Planned(
        programme=result,
        places=[Place(by_id[c.location_id], c.hours) for c in result.chosen],
        candidates=len(candidates),
        model_version=model.version,
        confirmed=active["confirmed"],
    )

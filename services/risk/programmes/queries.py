"""A programme under capacity, from the scores of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY

from services.risk.locations.tables import location
from services.risk.models import store as models
from services.risk.programmes.domain import Candidate, Programme, Ranking, programme
from shared.contracts.risk import RiskClass
from shared.db.rows import Row, Rows

_participants = bindparam("participants", type_=PG_ARRAY(Text))
_participant = bindparam("participant", type_=Text)
CANDIDATES = select(
    location.c.id,
    location.c.number,
    location.c.name,
    location.c.city,
    location.c.participant,
    location.c.score,
    location.c.risk_class,
    location.c.last_inspection,
).where(
    location.c.active,
    or_(_participants.is_(None), location.c.participant == func.any(_participants)),
    or_(_participant.is_(None), location.c.participant == _participant),
)


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
    active = await rows.one(models.ACTIVE, "Een actief risicomodel")
    model = models.model_of(active)
    found = await rows.all(CANDIDATES, participants=participants, participant=participant)
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

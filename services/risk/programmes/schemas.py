"""The programme on the wire."""

from typing import Self
from uuid import UUID

from services.risk.locations.schemas import Number
from services.risk.programmes.queries import Place
from shared.contracts.risk import RiskClass
from shared.http.schema import Day, Flag, Whole, Wire


class PlaceInProgrammeOut(Wire):
    """Een locatie die in het toezichtprogramma past."""

    rank: Whole
    location_id: UUID
    number: str
    name: str
    participant: str
    score: Number
    risk_class: RiskClass
    last_inspection: Day | None
    hours: Number

    @classmethod
    def of(cls, place: Place, rank: int) -> Self:
        """From the plan."""
        names = ("number", "name", "participant", "risk_class", "last_inspection")
        return cls(
            rank=rank,
            location_id=place.row["id"],
            score=float(place.row["score"]),
            hours=float(place.hours),
            **{name: place.row[name] for name in names},
        )


class ProgrammeOut(Wire):
    """Welke locaties in de uren passen, en wat dat kost."""

    hours_available: Whole
    hours_used: Number
    locations: Whole
    candidates: Whole
    threshold: Number | None
    model_version: str
    confirmed: Flag
    results: list[PlaceInProgrammeOut]

"""The programme on the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.risk.locations.schemas import Number
from services.risk.programmes.domain import RULE
from services.risk.programmes.queries import Planned, RankedRow
from shared.contracts.risk import RiskClass
from shared.http.schema import Day, Flag, Whole, Wire


class PlaceInProgrammeOut(Wire):
    """Een locatie in de rangschikking, met de reden waarom zij wel of niet gekozen is."""

    rank: Whole
    location_id: UUID
    number: str
    name: str
    participant: str
    score: Number
    risk_class: RiskClass
    last_inspection: Day | None
    hours: Number
    reason: str

    @classmethod
    def of(cls, row: RankedRow, planned: Planned) -> Self:
        """From the plan."""
        names = ("rank", "location_id", "number", "name", "participant", "risk_class")
        return cls(
            score=float(row.score),
            hours=float(row.hours),
            last_inspection=row.last_inspection,
            reason=planned.reason(row),
            **{name: getattr(row, name) for name in names},
        )


class ProgrammeOut(Wire):
    """Welke locaties in de uren passen, en wat dat kost."""

    hours_available: Whole
    hours_used: Number
    locations: Whole
    candidates: Annotated[
        int, Field(description="Hoeveel locaties meedoen; boven 10.000 wordt niet doorgeteld")
    ]
    threshold: Annotated[
        float | None, Field(description="Score van de laatste die op volgorde gekozen is")
    ]
    passed_over: Annotated[
        int,
        Field(
            description="Locaties met een hogere score dan de drempelscore die niet gekozen zijn, "
            "omdat een lichtere minder uren kost"
        ),
    ]
    rule: str = RULE
    model_version: str
    confirmed: Flag
    results: list[PlaceInProgrammeOut]
    reserves: list[PlaceInProgrammeOut]

    @classmethod
    def of(cls, planned: Planned) -> Self:
        """From the plan."""
        programme = planned.programme
        threshold = programme.threshold
        return cls(
            hours_available=int(programme.hours),
            hours_used=float(programme.used),
            locations=programme.chosen,
            candidates=programme.candidates,
            threshold=None if threshold is None else float(threshold),
            passed_over=programme.passed_over,
            model_version=planned.model_version,
            confirmed=planned.confirmed,
            results=[PlaceInProgrammeOut.of(row, planned) for row in planned.places],
            reserves=[PlaceInProgrammeOut.of(row, planned) for row in planned.reserves],
        )

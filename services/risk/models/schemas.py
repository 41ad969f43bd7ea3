"""A risk model on the wire: every parameter with its Dutch name."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.risk.models.domain import ModelState, Theme
from shared.contracts.enforcement import Instrument
from shared.db.rows import Row
from shared.http.schema import Flag, Instant, Text, Whole, Wire

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]
Effect = Annotated[float, Field(ge=0, le=5)]
Months = Annotated[int, Field(ge=1, le=240)]
Years = Annotated[float, Field(ge=0.5, le=30)]
Paragraph = Annotated[str, StringConstraints(pattern=r"^3(\.\d{1,2}){0,2}$")]
Cell = Annotated[str, StringConstraints(pattern=r"^[A-D][1-4]$")]
Decimals = Annotated[
    str, StringConstraints(pattern=r"^(0\.[0-9]{2}|1\.00)$"), Field(examples=["0.40"])
]


class WeightsWire(Wire):
    """De gewichten van de termen, samen 1.00; klachten staan gewoonlijk op 0.00."""

    effect: Decimals
    compliance: Decimals
    time: Decimals
    complaints: Decimals


class EffectWire(Wire):
    """Effectscores (0 tot 5) per activiteit en thema (Bal art. 2.2)."""

    themes: dict[Theme, Share] = Field(description="Gewicht per thema")
    scores: Annotated[dict[Paragraph, dict[Theme, Effect]], Field(max_length=200)] = Field(
        description="Per paragraaf, afdeling of (3) het hele hoofdstuk van het Bal"
    )
    more_activities: Share = Field(description="Deel waarvoor elke volgende activiteit meetelt")


class ComplianceWire(Wire):
    """Naleefgedrag: drie indicatoren over een venster, recent weegt zwaarder."""

    window_years: Years
    half_life_years: Years
    prior: Share
    prior_inspections: Annotated[float, Field(ge=0, le=100)]
    followup_weight: Share
    violations_weight: Share
    severity_weight: Share
    violations_cap: Annotated[float, Field(ge=1, le=100)]
    severities: dict[Cell, Annotated[float, Field(ge=0, le=100)]]
    enforcing: Annotated[list[Instrument], Field(max_length=20)]


class MonthsPerClassWire(Wire):
    """Maanden per klasse."""

    high: Months
    medium: Months
    low: Months


class HoursPerClassWire(Wire):
    """Uren per klasse."""

    high: Annotated[float, Field(ge=1, le=1000)]
    medium: Annotated[float, Field(ge=1, le=1000)]
    low: Annotated[float, Field(ge=1, le=1000)]


class EffectCutsWire(Wire):
    """Vanaf welk effect (0 tot 1) de effectklasse hoog of midden is."""

    high: Share
    medium: Share


class ScoreCutsWire(Wire):
    """Vanaf welke score (0 tot 100) de klasse hoog of midden is."""

    high: Points
    medium: Points


class TimeWire(Wire):
    """Binnen hoeveel maanden een locatie weer gezien moet zijn."""

    target_months: MonthsPerClassWire
    effect_cuts: EffectCutsWire


class ComplaintsWire(Wire):
    """Wanneer gegronde klachten aanleiding zijn voor een extra controle."""

    cap: Annotated[int, Field(ge=1, le=1000)]
    trigger_count: Annotated[int, Field(ge=1, le=1000)]
    trigger_months: Months


class ParametersWire(Wire):
    """Alles wat het beleid bepaalt."""

    weights: WeightsWire
    effect: EffectWire
    compliance: ComplianceWire
    time: TimeWire
    complaints: ComplaintsWire
    classes: ScoreCutsWire
    hours: HoursPerClassWire

    def stored(self) -> dict[str, Any]:
        """As it is stored: plain values under English names."""
        return self.model_dump(mode="json", by_alias=False)


class ModelIn(Wire):
    """Een voorstel voor een risicomodel."""

    model_version: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,40}$")]
    description: Text
    parameters: ParametersWire


class ModelOut(Wire):
    """Een risicomodel; niet vastgesteld betekent: voorbeeldwaarden."""

    id: UUID
    version: Whole
    model_version: str
    description: str
    state: ModelState
    confirmed: Flag
    decision_reference: str | None
    author: str
    activated_by: str | None
    activated_at: Instant | None
    retired_at: Instant | None
    parameters: ParametersWire

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class ActivationIn(Wire):
    """Het besluit waarmee een model gaat gelden."""

    decision_reference: Text

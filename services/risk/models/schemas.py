"""A risk model on the wire: every parameter with its Dutch name."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from services.risk.models.commands import ActivateModel, ProposeModel
from services.risk.models.domain import ModelState, Theme
from services.risk.models.queries import ModelRow
from shared.contracts.enforcement import Instrument
from shared.http.schema import Flag, Instant, Text, Whole, Wire, by_wire_names

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]
Effect = Annotated[float, Field(ge=0, le=5)]
Months = Annotated[int, Field(ge=1, le=240)]
Count = Annotated[int, Field(ge=1, le=1000)]
ModelVersion = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,40}$")]
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

    cap: Count
    trigger_count: Count
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


class ModelIn(Wire, validate_by_name=False):
    """Een voorstel voor een risicomodel."""

    model_version: ModelVersion
    description: Text
    parameters: Annotated[ParametersWire, by_wire_names(ParametersWire)]

    def command(self) -> ProposeModel:
        """The proposal."""
        return ProposeModel(self.model_version, self.description, self.parameters.stored())


Weight = Annotated[
    Decimal,
    Field(ge=0, le=1, decimal_places=2),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
]


class VariantWeights(Wire):
    """De gewichten van de termen, samen 1."""

    effect: Weight
    compliance: Weight
    time: Weight
    complaints: Weight


class VariantIn(Wire):
    """Een voorstel dat enkele cijfers van het geldende model verandert; de rest neemt het over."""

    model_version: ModelVersion
    description: Text
    weights: VariantWeights
    classes: ScoreCutsWire
    target_months: MonthsPerClassWire
    hours: HoursPerClassWire
    trigger_count: Count
    trigger_months: Months

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """The figures of a model as they are, under a name that is still to be given."""
        complaints = parameters["complaints"]
        return cls.model_validate(
            {
                "model_version": "variant",
                "description": "variant",
                "weights": parameters["weights"],
                "classes": parameters["classes"],
                "target_months": parameters["time"]["target_months"],
                "hours": parameters["hours"],
                "trigger_count": complaints["trigger_count"],
                "trigger_months": complaints["trigger_months"],
            }
        )

    def command(self, parameters: Mapping[str, Any]) -> ProposeModel:
        """The proposal: these parameters with the figures of the variant."""
        own = self.model_dump(mode="json", by_alias=False)
        trigger = {name: own[name] for name in ("trigger_count", "trigger_months")}
        changed = ParametersWire.model_validate(
            {
                **parameters,
                "weights": own["weights"],
                "classes": own["classes"],
                "time": {**parameters["time"], "target_months": own["target_months"]},
                "hours": own["hours"],
                "complaints": {**parameters["complaints"], **trigger},
            }
        )
        return ProposeModel(self.model_version, self.description, changed.stored())


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
    def of(cls, row: ModelRow) -> Self:
        """From a row."""
        return cls(**asdict(row))


class ActivationIn(Wire, validate_by_name=False):
    """Het besluit waarmee een model gaat gelden."""

    decision_reference: Text

    def command(self, model_id: UUID, version: int) -> ActivateModel:
        """The decision on this model."""
        return ActivateModel(model_id, version, self.decision_reference)

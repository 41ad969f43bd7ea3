"""A risk model: every weight, window and cut-off that policy decides, as one versioned value.

The additive engine of the published Dutch models: S = 100 (a E + b K + c T + d C), the sum of
effect, compliance (naleefgedrag), time since the last inspection, and complaints, whose weight
is 0 unless a model says otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Self

from shared.contracts.risk import RiskClass
from shared.errors import NotAllowed
from shared.four_eyes import require_second_person
from shared.state_machine import StateMachine

EFFECT_SCALE = 5
ROOT = "3"


class Theme(StrEnum):
    """The interests that the rules on activities protect (Bal art. 2.2)."""

    SAFETY = "veiligheid"
    HEALTH = "gezondheid"
    POLLUTION = "verontreiniging"
    AIR_SOIL_WATER = "lucht-bodem-water"
    ENERGY = "energie-grondstoffen"
    WASTE = "afvalbeheer"
    NUISANCE = "hinder"
    INCIDENTS = "ongewone-voorvallen"


class ModelState(StrEnum):
    """A concept scores nothing; one model is active; what was active stays readable.

    Between the decision and the moment that every location has its score, the old scores show.
    """

    CONCEPT = "concept"
    PREPARING = "in doorrekening"
    ACTIVE = "actief"
    RETIRED = "vervallen"


STATES: Final = StateMachine(
    "Een risicomodel",
    {
        (ModelState.CONCEPT, ModelState.PREPARING): "besluit, door een ander dan de opsteller",
        (ModelState.PREPARING, ModelState.ACTIVE): "alle locaties zijn doorgerekend",
        (ModelState.ACTIVE, ModelState.RETIRED): "een ander model is geactiveerd",
    },
)


def require_other_person(author: str, subject: str) -> None:
    """Raises NotAllowed when somebody decides on their own proposal."""
    refusal = NotAllowed("De opsteller mag het model niet zelf activeren", article="vier ogen")
    require_second_person(author, subject, refusal)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term counts for; together 1."""

    effect: Decimal
    compliance: Decimal
    time: Decimal
    complaints: Decimal

    @property
    def total(self) -> Decimal:
        """The sum, which must be 1."""
        return self.effect + self.compliance + self.time + self.complaints


@dataclass(frozen=True, slots=True)
class Cuts:
    """From which value something is high or medium; below that it is low."""

    high: float
    medium: float

    def class_of(self, value: float) -> RiskClass:
        """The class of a value."""
        if value >= self.high:
            return RiskClass.HIGH
        return RiskClass.MEDIUM if value >= self.medium else RiskClass.LOW


@dataclass(frozen=True, slots=True)
class PerClass:
    """A number for each class."""

    high: float
    medium: float
    low: float

    def of(self, risk_class: RiskClass) -> float:
        """The number of the class."""
        return {
            RiskClass.HIGH: self.high,
            RiskClass.MEDIUM: self.medium,
            RiskClass.LOW: self.low,
        }[risk_class]


@dataclass(frozen=True, slots=True)
class EffectRules:
    """Effect scores (0 to 5) per activity and theme, and how several activities add up."""

    themes: Mapping[str, float]
    scores: Mapping[str, Mapping[str, float]]
    more_activities: float
    means: Mapping[str, float]

    @classmethod
    def of_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """With the weighted mean over the themes worked out once for each line."""
        themes = parameters["themes"]
        total = sum(themes.values()) or 1
        means = {
            code: sum(row.get(theme, 0.0) * weight for theme, weight in themes.items()) / total
            for code, row in parameters["scores"].items()
        }
        return cls(**parameters, means=means)

    def of(self, code: str) -> float | None:
        """The effect of a paragraph of the Bal, or of the afdeling it stands in."""
        return next((self.means[known] for known in _upwards(code) if known in self.means), None)


@dataclass(frozen=True, slots=True)
class ComplianceRules:
    """Three indicators over a window, recent facts weighing more, drawn to a prior."""

    window_years: float
    half_life_years: float
    prior: float
    prior_inspections: float
    followup_weight: float
    violations_weight: float
    severity_weight: float
    violations_cap: float
    severities: Mapping[str, float]
    enforcing: frozenset[str]

    def severity(self, cell: str | None) -> float:
        """How grave a cell of the LHSO matrix is, 0 to 1; not positioned is the lightest cell."""
        lightest, gravest = min(self.severities.values()), max(self.severities.values())
        return self.severities.get(cell or "", lightest) / gravest


@dataclass(frozen=True, slots=True)
class TimeRules:
    """Within how many months a location is to be seen again, by the class of its effect."""

    target_months: PerClass
    effect_cuts: Cuts


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """How many justified complaints are the top of the scale, and when they ask for a visit."""

    cap: int
    trigger_count: int
    trigger_months: int


@dataclass(frozen=True, slots=True)
class Model:
    """One version of the model."""

    version: str
    weights: Weights
    effect: EffectRules
    compliance: ComplianceRules
    time: TimeRules
    complaints: ComplaintRules
    classes: Cuts
    hours: PerClass

    @classmethod
    def of(cls, version: str, parameters: Mapping[str, Any]) -> Self:
        """The model of stored parameters."""
        compliance = dict(parameters["compliance"])
        time = parameters["time"]
        return cls(
            version=version,
            weights=Weights(**{k: Decimal(str(v)) for k, v in parameters["weights"].items()}),
            effect=EffectRules.of_parameters(parameters["effect"]),
            compliance=ComplianceRules(
                **{**compliance, "enforcing": frozenset(compliance["enforcing"])}
            ),
            time=TimeRules(PerClass(**time["target_months"]), Cuts(**time["effect_cuts"])),
            complaints=ComplaintRules(**parameters["complaints"]),
            classes=Cuts(**parameters["classes"]),
            hours=PerClass(**parameters["hours"]),
        )


def flaws(model: Model) -> Iterator[str]:
    """What makes the parameters no model, in Dutch."""
    rules = model.compliance
    indicators = rules.followup_weight + rules.violations_weight + rules.severity_weight
    if model.weights.total != 1:
        yield f"de gewichten van de termen moeten samen 1 zijn, niet {model.weights.total}"
    if abs(indicators - 1) > 1e-9:
        yield "de gewichten van de indicatoren van naleefgedrag moeten samen 1 zijn"
    if ROOT not in model.effect.scores:
        yield f"er is geen effectscore voor hoofdstuk {ROOT}, die geldt waar een paragraaf mist"
    if not sum(model.effect.themes.values()):
        yield "ten minste één thema moet meetellen"
    if not rules.severities or not max(rules.severities.values()):
        yield "ten minste één cel van de LHSO-matrix moet zwaarder zijn dan 0"
    for name, cuts in (("de score", model.classes), ("het effect", model.time.effect_cuts)):
        if cuts.high < cuts.medium:
            yield f"de grens van hoog mag voor {name} niet onder die van midden liggen"


def _upwards(code: str) -> Iterator[str]:
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])

"""The score of a location: pure rules over facts, with each term explained.

Engine A of the risk sheet: S = 100 (a E + b K + c T), the sum of effect, compliance (naleefgedrag)
and time since the last inspection. Every figure is a parameter of a versioned model.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shared.contracts.risk import RiskClass

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
THEMES = ("veiligheid", "gezondheid", "lucht-bodem-water", "energie", "afval", "hinder")
LHSO_MAXIMUM = 16
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters of one version of the model."""

    version: str
    weight_effect: Decimal
    weight_compliance: Decimal
    weight_time: Decimal
    effects: Mapping[str, Mapping[str, float]]
    more_activities: float
    window_years: float
    half_life_years: float
    prior: float
    prior_inspections: float
    target_months: Mapping[str, float]
    effect_cuts: Mapping[str, float]
    class_cuts: Mapping[str, float]
    complaint_trigger: int
    hours_per_class: Mapping[str, float]

    @classmethod
    def of(cls, version: str, parameters: Mapping[str, object]) -> "Model":
        """The model of stored parameters. Raises TypeError or ArithmeticError when unfit."""
        values = dict(parameters)
        for name in ("weight_effect", "weight_compliance", "weight_time"):
            values[name] = Decimal(str(values[name]))
        model = cls(version=version, **values)  # type: ignore[arg-type]
        if model.weight_effect + model.weight_compliance + model.weight_time != 1:
            raise ArithmeticError("de gewichten moeten samen 1 zijn")
        return model


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection that was carried out."""

    on: date
    reinspection: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation; severity is consequence times behaviour in the LHSO matrix (1 to 16)."""

    on: date
    cell: str | None = None
    sanctioned: bool = False
    resolved: bool = False

    @property
    def severity(self) -> int:
        """Ordinal severity of the cell; an unpositioned violation counts as the lowest."""
        if not self.cell:
            return 1
        return ("ABCD".index(self.cell[0]) + 1) * int(self.cell[1])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a location."""

    activities: tuple[str, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def last_inspection(self) -> date | None:
        """The day of the newest inspection; None is never, which is not a good record."""
        return max((inspection.on for inspection in self.inspections), default=None)


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: what went in, from when, and what it adds."""

    name: str
    value: Decimal
    weight: Decimal
    contribution: Decimal
    source: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its explanation."""

    total: Decimal
    risk_class: RiskClass
    terms: tuple[Term, ...]
    model_version: str
    never_inspected: bool
    changes: tuple[str, ...] = field(default=())


def effect(model: Model, activities: Iterable[str]) -> float:
    """E: the heaviest activity plus a share of the others, 0 to 1 (5 is the top of the scale)."""
    values = sorted((_activity_effect(model, code) for code in activities), reverse=True)
    if not values:
        return 0.0
    return min(5.0, values[0] + model.more_activities * sum(values[1:])) / 5


def _activity_effect(model: Model, code: str) -> float:
    """The mean over the themes; the longest prefix of the paragraph that the model knows."""
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        themes = model.effects.get(".".join(parts[:length]))
        if themes is not None:
            return sum(themes.get(theme, 0.0) for theme in THEMES) / len(THEMES)
    return 0.0


def compliance(model: Model, facts: Facts, today: date) -> float:
    """K: three indicators, recent facts weighing more, drawn to the prior while few are known."""
    inspections = [(_recency(model, i.on, today), i) for i in facts.inspections]
    violations = [(_recency(model, v.on, today), v) for v in facts.violations]
    known = sum(weight for weight, _ in inspections)
    periodic = max(1.0, sum(weight for weight, i in inspections if not i.reinspection))
    followed = sum(weight for weight, i in inspections if i.reinspection)
    followed += sum(weight for weight, v in violations if v.sanctioned)
    ratio = min(1.0, followed / periodic)
    per_inspection = min(1.0, sum(weight for weight, _ in violations) / max(1.0, known) / 5)
    worst = max((weight * v.severity for weight, v in violations), default=0.0) / LHSO_MAXIMUM
    raw = 0.4 * ratio + 0.3 * per_inspection + 0.3 * worst
    shrunk = (known * raw + model.prior_inspections * model.prior) / (
        known + model.prior_inspections
    )
    # Few inspections must not hide what was found: the record is never better than the evidence.
    return max(raw, shrunk) if violations else shrunk


def _recency(model: Model, on: date, today: date) -> float:
    years = max(0, (today - on).days) / DAYS_PER_YEAR
    return 0.0 if years > model.window_years else 0.5 ** (years / model.half_life_years)


def elapsed(model: Model, facts: Facts, today: date) -> float:
    """T: the share of the target interval that has passed; never inspected is 1."""
    last = facts.last_inspection
    if last is None:
        return 1.0
    months = max(0, (today - last).days) / DAYS_PER_MONTH
    target = model.target_months[_class_of(effect(model, facts.activities), model.effect_cuts)]
    return min(1.0, months / target)


def _class_of(value: float, cuts: Mapping[str, float]) -> RiskClass:
    if value >= cuts["hoog"]:
        return RiskClass.HIGH
    return RiskClass.MEDIUM if value >= cuts["midden"] else RiskClass.LOW


def score(model: Model, facts: Facts, today: date) -> Score:
    """The score with its terms; the terms add up to it exactly."""
    last = facts.last_inspection
    newest_violation = max((v.on for v in facts.violations), default=None)
    terms = (
        _term("Effect van de activiteiten", effect(model, facts.activities), model.weight_effect,
              f"{len(facts.activities)} activiteiten (Bal hoofdstuk 3)", None),
        _term("Naleefgedrag", compliance(model, facts, today), model.weight_compliance,
              f"{len(facts.inspections)} controles, {len(facts.violations)} overtredingen",
              newest_violation),
        _term("Tijd sinds laatste controle", elapsed(model, facts, today), model.weight_time,
              "laatste controle" if last else "nooit gecontroleerd", last),
    )  # fmt: skip
    total = sum((term.contribution for term in terms), Decimal(0))
    return Score(
        total=total,
        risk_class=_class_of(float(total), model.class_cuts),
        terms=terms,
        model_version=model.version,
        never_inspected=last is None,
    )


def _term(name: str, value: float, weight: Decimal, source: str, on: date | None) -> Term:
    exact = Decimal(str(round(value, 4)))
    contribution = (HUNDRED * weight * exact).quantize(CENT, rounding=ROUND_HALF_UP)
    return Term(name, exact, weight, contribution, source, on)


def explained(model: Model, facts: Facts, today: date) -> Score:
    """The score with what would change it: the counterfactuals a planner asks for."""
    now = score(model, facts, today)
    clean = replace(facts, inspections=(*facts.inspections, Inspection(today)))
    worse = replace(clean, violations=(*facts.violations, Violation(today, "B3")))
    texts = [
        _change("Een controle vandaag zonder overtreding", score(model, clean, today), now),
        _change("Een controle vandaag met een overtreding in cel B3",
                score(model, worse, today), now),
    ]  # fmt: skip
    if facts.violations:
        sanctioned = replace(
            facts, violations=tuple(replace(v, sanctioned=True) for v in facts.violations)
        )
        texts.append(
            _change("Een sanctie op elke bekende overtreding", score(model, sanctioned, today), now)
        )
    return replace(now, changes=tuple(texts))


def _change(what: str, then: Score, now: Score) -> str:
    difference = then.total - now.total
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return f"{what}: {_dutch(then.total)} ({sign}{_dutch(abs(difference))})"


def _dutch(number: Decimal) -> str:
    return f"{number:.1f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A location that competes for hours in a programme."""

    location_id: str
    total: Decimal
    hours: Decimal


def programme(candidates: Iterable[Candidate], hours: Decimal) -> list[Candidate]:
    """The highest scores that fit in the hours, greedily; ties by the location's own id."""
    chosen: list[Candidate] = []
    left = hours
    for candidate in sorted(candidates, key=lambda c: (-c.total, c.location_id)):
        if candidate.hours <= left:
            chosen.append(candidate)
            left -= candidate.hours
    return chosen

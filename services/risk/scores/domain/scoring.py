"""The score of a location: its terms add up to it, and it says what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.risk.locations.domain.facts import (
    YEAR,
    Complaint,
    Facts,
    Inspection,
    Measure,
    Violation,
    justified_within,
)
from services.risk.models.domain import Model
from services.risk.scores.domain import terms
from services.risk.scores.domain.terms import Finding, Part, counted
from shared.contracts.enforcement import Instrument
from shared.contracts.risk import RiskClass

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
SUPPOSED_CELL = "B3"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: what went in, from when, and what it adds."""

    name: str
    value: Decimal
    weight: Decimal
    contribution: Decimal
    source: str
    on: date | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its explanation; `missing` is what is not known, which is never a good sign."""

    total: Decimal
    risk_class: RiskClass
    terms: tuple[Term, ...]
    model_version: str
    never_inspected: bool
    extra_inspection: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What something would do to the score."""

    what: str
    total: Decimal
    difference: Decimal
    risk_class: RiskClass


def score(model: Model, facts: Facts, today: date) -> Score:
    """The score with its terms; the terms add up to it exactly."""
    weights = model.weights
    found = (
        _term("Effect van de activiteiten", terms.effect(model, facts), weights.effect),
        _term("Naleefgedrag", terms.compliance(model, facts, today), weights.compliance),
        _term("Tijd sinds laatste controle", terms.elapsed(model, facts, today), weights.time),
        _term("Klachten", terms.complaints(model, facts, today), weights.complaints),
    )
    total = sum((term.contribution for term in found), Decimal(0))
    return Score(
        total=total,
        risk_class=model.classes.class_of(float(total)),
        terms=found,
        model_version=model.version,
        never_inspected=not facts.inspections,
        extra_inspection=asks_for_visit(model, facts, today),
        missing=tuple(_missing(model, facts)),
    )


def asks_for_visit(model: Model, facts: Facts, today: date) -> bool:
    """Whether the justified complaints are reason to propose an extra inspection."""
    rules = model.complaints
    return justified_within(facts.complaints, rules.trigger_months, today) >= rules.trigger_count


def _term(name: str, found: Finding, weight: Decimal) -> Term:
    value = Decimal(str(round(found.value, 4)))
    contribution = (HUNDRED * weight * value).quantize(CENT, rounding=ROUND_HALF_UP)
    return Term(name, value, weight, contribution, found.source, found.on, found.parts)


def _missing(model: Model, facts: Facts) -> Iterator[str]:
    if not facts.inspections:
        yield "nooit gecontroleerd"
    if not facts.activities:
        yield "geen activiteit vastgelegd"
    unscored = [code for code in facts.activities if model.effect.of(code) is None]
    if unscored:
        yield f"geen effectscore voor § {', '.join(sorted(unscored))}"
    waiting = sum(violation.cell is None for violation in facts.violations)
    if waiting:
        yield f"{counted(waiting, 'overtreding', 'overtredingen')} nog niet gepositioneerd"


def changes(model: Model, facts: Facts, today: date) -> list[Change]:
    """What the score would become: the questions that a planner asks."""
    now = score(model, facts, today)
    return [
        _change(what, score(model, then, day), now) for what, then, day in _supposed(facts, today)
    ]


def _supposed(facts: Facts, today: date) -> Iterator[tuple[str, Facts, date]]:
    seen = replace(facts, inspections=(*facts.inspections, Inspection(today)))
    found = replace(seen, violations=(*seen.violations, Violation(today, cell=SUPPOSED_CELL)))
    yield "Een controle vandaag zonder overtreding", seen, today
    yield f"Een controle vandaag met een overtreding in cel {SUPPOSED_CELL}", found, today
    if facts.violations:
        order = Measure(today, Instrument.PENALTY_ORDER)
        sanctioned = replace(facts, measures=(*facts.measures, order))
        yield "Een last onder dwangsom vandaag", sanctioned, today
    if len(facts.activities) > 1:
        core = facts.core or facts.activities[0]
        ended = tuple(code for code in facts.activities if code != core)
        kept = replace(facts, activities=ended, core=ended[0])
        yield f"Beëindigen van de kernactiviteit § {core}", kept, today
    complained = replace(facts, complaints=(*facts.complaints, Complaint(today, justified=True)))
    yield "Een klacht die gegrond blijkt", complained, today
    yield f"{YEAR} maanden zonder controle", facts, _a_year_on(today)


def _a_year_on(today: date) -> date:
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 1, day=28 if leap_day else today.day)


def _change(what: str, then: Score, now: Score) -> Change:
    return Change(what, then.total, then.total - now.total, then.risk_class)

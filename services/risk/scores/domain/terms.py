"""The four terms of a score, each 0 to 1, with all that led to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from services.risk.locations.domain.facts import Facts, figures, months_between
from services.risk.models.domain import EFFECT_SCALE, ROOT, ComplianceRules, Model
from shared.contracts.risk import RiskClass

COMPLEX = "3.3."
# Bal art. 3.49: within a complex company the paragraphs of these afdelingen do not apply.
WITHIN_COMPLEX = tuple(f"3.{number}." for number in range(4, 12))


@dataclass(frozen=True, slots=True)
class Part:
    """One fact or indicator within a term."""

    name: str
    value: Decimal
    explanation: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of a term, where it came from, from when, and its parts."""

    value: float
    source: str
    on: date | None = None
    parts: tuple[Part, ...] = ()


def dutch(number: float | Decimal, decimals: int = 2) -> str:
    """A number as it is written in a sentence."""
    return f"{number:.{decimals}f}".replace(".", ",")


def counted(count: int, one: str, many: str) -> str:
    """1 controle, 2 controles."""
    return f"{count} {one if count == 1 else many}"


def effect(model: Model, facts: Facts) -> Finding:
    """E: the heaviest activity, and a share of each other one."""
    if not facts.activities:
        value = (model.effect.of(ROOT) or 0.0) / EFFECT_SCALE
        return Finding(value, "geen activiteit vastgelegd: gerekend met de algemene effectscore")
    counting, within = _split(facts)
    scored = sorted(
        ((model.effect.of(code) or 0.0, code) for code in counting),
        key=lambda pair: (-pair[0], pair[1]),
    )
    share = model.effect.more_activities
    value = min(float(EFFECT_SCALE), scored[0][0] + share * sum(e for e, _ in scored[1:]))
    heaviest = (_activity(*scored[0], "de zwaarste telt geheel mee"),)
    others = (_activity(*pair, f"telt voor {share:.0%} mee") for pair in scored[1:])
    ended = (
        _activity(model.effect.of(code) or 0.0, code, "hoort bij het complexe bedrijf (art. 3.49)")
        for code in within
    )
    count = counted(len(facts.activities), "activiteit", "activiteiten")
    parts = tuple(chain(heaviest, others, ended))
    return Finding(value / EFFECT_SCALE, f"{count} (Bal hoofdstuk 3)", None, parts)


def _split(facts: Facts) -> tuple[list[str], list[str]]:
    """The activities that count, and those that are part of a complex company."""
    codes = sorted(facts.activities)
    if not (facts.core or "").startswith(COMPLEX):
        return codes, []
    within = [code for code in codes if code.startswith(WITHIN_COMPLEX)]
    return [code for code in codes if code not in within], within


def _activity(score: float, code: str, explanation: str) -> Part:
    text = f"effect {dutch(score)} van {EFFECT_SCALE}, {explanation}"
    return Part(f"§ {code}", Decimal(str(round(score, 2))), text)


def compliance(model: Model, facts: Facts, today: date) -> Finding:
    """K: three indicators; while few inspections are known, not better than the prior suggests."""
    rules = model.compliance
    known = _weighed(rules, (i.on for i in facts.inspections), today)
    indicators = (
        _followup(rules, facts, today),
        _per_inspection(rules, facts, known, today),
        _worst(rules, facts, today),
    )
    weights = (rules.followup_weight, rules.violations_weight, rules.severity_weight)
    raw = sum(w * float(part.value) for w, part in zip(weights, indicators, strict=True))
    drawn = _drawn(rules, raw, known)
    # Few inspections must not hide what was found: never better than the evidence itself.
    value = min(1.0, max(raw, drawn))
    parts = (*indicators, _prior_part(rules, known)) if drawn > raw else indicators
    newest = max((v.on for v in facts.violations), default=None)
    return Finding(value, _record(facts), newest, parts)


def _record(facts: Facts) -> str:
    seen = counted(len(facts.inspections), "controle", "controles")
    found = counted(len(facts.violations), "overtreding", "overtredingen")
    return f"{seen}, {found}, {counted(len(facts.measures), 'maatregel', 'maatregelen')}"


def _drawn(rules: ComplianceRules, raw: float, known: float) -> float:
    total = known + rules.prior_inspections
    return (known * raw + rules.prior_inspections * rules.prior) / total if total else rules.prior


def _prior_part(rules: ComplianceRules, known: float) -> Part:
    text = f"{dutch(known, 1)} tijdgewogen controles: getrokken naar {dutch(rules.prior)}"
    return Part("Voorkennis", Decimal(str(rules.prior)), text)


def _followup(rules: ComplianceRules, facts: Facts, today: date) -> Part:
    periodic = [i.on for i in facts.inspections if not i.reinspection]
    again = [i.on for i in facts.inspections if i.reinspection]
    enforced = [m.on for m in facts.measures if m.instrument in rules.enforcing]
    followed = _weighed(rules, chain(again, enforced), today)
    value = min(1.0, followed / max(1.0, _weighed(rules, periodic, today)))
    text = (
        f"{counted(len(enforced), 'sanctie', 'sancties')} en "
        f"{counted(len(again), 'hercontrole', 'hercontroles')} op "
        f"{counted(len(periodic), 'andere controle', 'andere controles')}, tijdgewogen"
    )
    return _indicator("Handhaving en hercontroles", value, text)


def _per_inspection(rules: ComplianceRules, facts: Facts, known: float, today: date) -> Part:
    found = _weighed(rules, (v.on for v in facts.violations), today)
    per = found / max(1.0, known)
    text = f"{dutch(per)} per controle, tijdgewogen; de schaal loopt tot {rules.violations_cap:g}"
    return _indicator("Overtredingen per controle", min(1.0, per / rules.violations_cap), text)


def _worst(rules: ComplianceRules, facts: Facts, today: date) -> Part:
    name = "Zwaarste LHSO-positie"
    graded = (
        (_recency(rules, v.on, today) * rules.severity(v.cell), v.on, v.number, v.cell or "")
        for v in facts.violations
    )
    worst = max(graded, default=None)
    if worst is None or not worst[0]:
        return _indicator(name, 0.0, "geen overtreding binnen het venster")
    value, on, _, cell = worst
    where = f"cel {cell}" if cell else "nog niet gepositioneerd"
    return _indicator(name, value, f"{where}, van {on:%d-%m-%Y}, tijdgewogen")


def _indicator(name: str, value: float, explanation: str) -> Part:
    return Part(name, Decimal(str(round(value, 6))), explanation)


def _weighed(rules: ComplianceRules, days: Iterable[date], today: date) -> float:
    """A count in which recent days weigh more; summed in order, so that no order shows."""
    return sum(_recency(rules, on, today) for on in sorted(days))


def _recency(rules: ComplianceRules, on: date, today: date) -> float:
    years = months_between(on, today) / 12
    return 0.0 if years > rules.window_years else float(0.5 ** (years / rules.half_life_years))


def elapsed(model: Model, facts: Facts, today: date) -> Finding:
    """T: the share of the target interval that has passed; never inspected is all of it."""
    last = facts.last_inspection
    risk_class = effect_class(model, facts)
    target = model.time.target_months.of(risk_class)
    if last is None:
        return Finding(1.0, "nooit gecontroleerd: telt als een volle termijn")
    months = months_between(last.on, today)
    text = f"streeftermijn {target:g} maanden (effectklasse {risk_class})"
    parts = (Part("Maanden sinds de laatste controle", Decimal(months), text),)
    source = f"laatste controle {last.number}".strip()
    return Finding(min(1.0, months / target), source, last.on, parts)


def effect_class(model: Model, facts: Facts) -> RiskClass:
    """The class of the effect alone: how often the location deserves a visit."""
    return model.time.effect_cuts.class_of(effect(model, facts).value)


def complaints(model: Model, facts: Facts, today: date) -> Finding:
    """C: justified complaints of two years. Its weight is 0 in the published models."""
    counts = figures(facts.complaints, today)
    newest = max((c.on for c in facts.complaints), default=None)
    outside = "" if model.weights.complaints else "; klachten tellen niet mee in de score"
    source = f"{counts.received_year} ontvangen, {counts.justified_year} gegrond in 12 maanden"
    value = min(1.0, counts.justified_two_years / model.complaints.cap)
    return Finding(value, source + outside, newest, tuple(_complaint_parts(facts, today)))


def _complaint_parts(facts: Facts, today: date) -> Iterator[Part]:
    counts = figures(facts.complaints, today)
    yield Part("Ontvangen", Decimal(counts.received_two_years), "in 24 maanden")
    yield Part("Gegrond", Decimal(counts.justified_two_years), "in 24 maanden")

"""The score: monotone where it must be, explained to the cent, blind to order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.risk.locations.domain.facts import (
    Complaint,
    Facts,
    Inspection,
    Measure,
    Violation,
    figures,
    months_between,
)
from services.risk.models.domain import Model, flaws
from services.risk.scores.domain import terms
from services.risk.scores.domain.scoring import asks_for_visit, changes, score
from shared.contracts.enforcement import Instrument
from shared.contracts.risk import RiskClass
from tests.support.seeds import rows_of

PARAMETERS: dict[str, Any] = rows_of("risk", "risk_model")[0]["parameters"]
MODEL = Model.of("proef", PARAMETERS)
TODAY = date(2026, 11, 24)
ORDER = str(Instrument.PENALTY_ORDER)


def changed(**sections: dict[str, Any]) -> Model:
    """The example model with some parameters replaced."""
    parameters = {name: {**values, **sections.get(name, {})} for name, values in PARAMETERS.items()}
    return Model.of("anders", parameters)


COUNTING = changed(weights={"compliance": "0.30", "complaints": "0.10"})

days = st.dates(min_value=date(2018, 1, 1), max_value=TODAY)
cells = st.sampled_from([f"{letter}{digit}" for letter in "ABCD" for digit in "1234"])
numbers = st.integers(1, 99).map(lambda n: f"O-{n}")
violations = st.builds(Violation, on=days, number=numbers, cell=cells | st.none())
inspections = st.builds(Inspection, on=days, number=numbers, reinspection=st.booleans())
measures = st.builds(Measure, on=days, instrument=st.sampled_from(list(map(str, Instrument))))
complaints = st.builds(
    Complaint, on=days, justified=st.booleans() | st.none(), closed=st.booleans()
)
codes = st.sampled_from(["3.2.1", "3.3.1", "3.4.6", "3.6.1", "3.7.2", "3.8.10"])


@st.composite
def known_facts(draw: st.DrawFn) -> Facts:
    activities = draw(st.lists(codes, max_size=4, unique=True).map(tuple))
    return Facts(
        activities=activities,
        core=draw(st.sampled_from(activities)) if activities else None,
        inspections=draw(st.lists(inspections, max_size=6).map(tuple)),
        violations=draw(st.lists(violations, max_size=6).map(tuple)),
        measures=draw(st.lists(measures, max_size=4).map(tuple)),
        complaints=draw(st.lists(complaints, max_size=5).map(tuple)),
    )


@given(known_facts(), violations)
def test_a_new_violation_never_improves_the_record(known: Facts, found: Violation) -> None:
    worse = replace(known, violations=(*known.violations, found))
    before = terms.compliance(MODEL, known, TODAY).value
    assert terms.compliance(MODEL, worse, TODAY).value >= before - 1e-9


@given(known_facts(), days)
def test_a_visit_without_findings_never_worsens_the_record(known: Facts, on: date) -> None:
    seen = replace(known, inspections=(*known.inspections, Inspection(on)))
    before = terms.compliance(MODEL, known, TODAY).value
    assert terms.compliance(MODEL, seen, TODAY).value <= before + 1e-6


@given(known_facts(), measures)
def test_a_sanction_never_improves_the_record(known: Facts, imposed: Measure) -> None:
    sanctioned = replace(known, measures=(*known.measures, imposed))
    before = terms.compliance(MODEL, known, TODAY).value
    assert terms.compliance(MODEL, sanctioned, TODAY).value >= before - 1e-9


@given(known_facts())
def test_inspected_today_resets_the_time(known: Facts) -> None:
    seen = replace(known, inspections=(*known.inspections, Inspection(TODAY)))
    assert terms.elapsed(MODEL, seen, TODAY).value == 0


@given(known_facts(), st.integers(0, 2000))
def test_time_only_adds_to_the_time_term(known: Facts, later: int) -> None:
    then = TODAY + timedelta(days=later)
    now = terms.elapsed(MODEL, known, TODAY).value
    assert terms.elapsed(MODEL, known, then).value >= now


@given(known_facts(), st.sampled_from([MODEL, COUNTING]))
def test_the_terms_add_up_to_the_score_exactly(known: Facts, model: Model) -> None:
    result = score(model, known, TODAY)
    assert sum((term.contribution for term in result.terms), Decimal(0)) == result.total
    assert 0 <= result.total <= 100
    for term in result.terms:
        assert abs(term.contribution - 100 * term.weight * term.value) <= Decimal("0.005")


@given(known_facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(known: Facts, random: Random) -> None:
    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    other = Facts(
        mixed(known.activities),
        known.core,
        mixed(known.inspections),
        mixed(known.violations),
        mixed(known.measures),
        mixed(known.complaints),
    )
    assert score(MODEL, other, TODAY) == score(MODEL, known, TODAY)


@given(known_facts(), complaints)
def test_a_complaint_changes_the_explanation_but_not_the_score(
    known: Facts, received: Complaint
) -> None:
    more = replace(known, complaints=(*known.complaints, replace(received, on=TODAY)))
    before, after = score(MODEL, known, TODAY), score(MODEL, more, TODAY)
    assert after.total == before.total
    assert after.terms != before.terms


@given(known_facts())
def test_a_model_may_let_justified_complaints_count(known: Facts) -> None:
    more = replace(known, complaints=(*known.complaints, Complaint(TODAY, justified=True)))
    assert score(COUNTING, more, TODAY).total >= score(COUNTING, known, TODAY).total


# Without a deadline: it scores the facts once per change, and a busy machine is no fault of those.
@settings(deadline=None)
@given(known_facts())
def test_each_counterfactual_says_the_difference_it_makes(known: Facts) -> None:
    now = score(MODEL, known, TODAY).total
    for change in changes(MODEL, known, TODAY):
        assert change.total - change.difference == now


def test_never_inspected_is_not_a_good_record() -> None:
    result = score(MODEL, Facts(activities=("3.4.6",)), TODAY)
    assert result.never_inspected
    assert result.terms[2].value == 1
    assert "nooit gecontroleerd" in result.missing


def test_what_is_not_known_is_named() -> None:
    known = Facts(violations=(Violation(TODAY), Violation(TODAY, cell="A1")))
    assert score(MODEL, known, TODAY).missing == (
        "nooit gecontroleerd",
        "geen activiteit vastgelegd",
        "1 overtreding nog niet gepositioneerd",
    )
    assert terms.effect(MODEL, Facts()).value == pytest.approx(0.2)


def test_the_heaviest_activity_counts_and_the_others_add_a_little() -> None:
    one = terms.effect(MODEL, Facts(activities=("3.4.6",))).value
    two = terms.effect(MODEL, Facts(activities=("3.4.6", "3.7.2"))).value
    light = terms.effect(MODEL, Facts(activities=("3.7.2",))).value
    assert two == pytest.approx(one + 0.1 * light)


def test_what_a_complex_company_does_besides_is_listed_but_not_added() -> None:
    alone = terms.effect(MODEL, Facts(activities=("3.3.8",), core="3.3.8"))
    within = terms.effect(MODEL, Facts(activities=("3.3.8", "3.4.6"), core="3.3.8"))
    assert within.value == alone.value
    assert "art. 3.49" in within.parts[1].explanation


def test_a_paragraph_without_a_line_takes_that_of_its_department() -> None:
    assert MODEL.effect.of("3.4.12") == MODEL.effect.of("3.4.1")
    assert MODEL.effect.of("3.4.6") != MODEL.effect.of("3.4.1")


def test_light_instruments_are_no_sanction() -> None:
    known = Facts(inspections=(Inspection(TODAY),))
    warned = replace(known, measures=(Measure(TODAY, str(Instrument.WARNING)),))
    ordered = replace(known, measures=(Measure(TODAY, ORDER),))
    base = terms.compliance(MODEL, known, TODAY).value
    assert terms.compliance(MODEL, warned, TODAY).value == base
    assert terms.compliance(MODEL, ordered, TODAY).value > base


def test_old_facts_weigh_half_after_the_half_life_and_nothing_after_the_window() -> None:
    def worst(on: date) -> Decimal:
        known = Facts(violations=(Violation(on, cell="D4"),))
        return terms.compliance(MODEL, known, TODAY).parts[2].value

    assert worst(TODAY) == 1
    assert worst(date(2023, 11, 24)) == Decimal("0.5")
    assert worst(date(2020, 10, 24)) == 0


def test_classes_follow_the_cuts() -> None:
    calm = Facts(activities=("3.7.2",), inspections=(Inspection(TODAY),))
    assert score(MODEL, calm, TODAY).risk_class is RiskClass.LOW
    grave = Facts(
        activities=("3.3.1",),
        inspections=(Inspection(TODAY - timedelta(days=800)),),
        violations=(Violation(TODAY - timedelta(days=10), cell="D4"),) * 3,
        measures=(Measure(TODAY, ORDER),),
    )
    assert score(MODEL, grave, TODAY).risk_class is RiskClass.HIGH


def test_complaints_are_counted_over_twelve_and_twenty_four_months() -> None:
    counted = figures(
        (
            Complaint(date(2026, 11, 1), justified=True),
            Complaint(date(2025, 11, 25), justified=False, closed=True),
            Complaint(date(2025, 11, 24), justified=True, closed=True),
            Complaint(date(2024, 11, 24), justified=True, closed=True),
        ),
        TODAY,
    )
    assert (counted.received_year, counted.received_two_years) == (2, 3)
    assert (counted.justified_year, counted.justified_two_years) == (1, 2)
    assert counted.open == 1


def test_three_justified_complaints_in_a_year_ask_for_a_visit() -> None:
    justified = Complaint(TODAY - timedelta(days=30), justified=True)
    assert not asks_for_visit(MODEL, Facts(complaints=(justified,) * 2), TODAY)
    assert asks_for_visit(MODEL, Facts(complaints=(justified,) * 3), TODAY)
    stricter = changed(complaints={"trigger_count": 2})
    assert asks_for_visit(stricter, Facts(complaints=(justified,) * 2), TODAY)


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2024, 11, 24), date(2026, 11, 24), 24),
        (date(2026, 11, 25), date(2026, 11, 24), 0),
    ],
)
def test_months_are_whole(earlier: date, later: date, months: int) -> None:
    assert months_between(earlier, later) == months


def test_the_explanation_says_what_would_change_the_score() -> None:
    known = Facts(
        activities=("3.4.6", "3.2.9"), core="3.4.6", violations=(Violation(TODAY, cell="B2"),)
    )
    found = {change.what: change for change in changes(MODEL, known, TODAY)}
    assert found["Een controle vandaag zonder overtreding"].difference < 0
    assert found["Een last onder dwangsom vandaag"].difference > 0
    assert found["Een klacht die gegrond blijkt"].difference == 0
    assert found["Beëindigen van de kernactiviteit § 3.4.6"].difference < 0


def test_the_example_model_has_no_flaw() -> None:
    assert list(flaws(MODEL)) == []


@pytest.mark.parametrize(
    ("sections", "flaw"),
    [
        ({"weights": {"time": "0.30"}}, "samen 1"),
        ({"compliance": {"severity_weight": 0.4}}, "indicatoren"),
        ({"compliance": {"severities": {"A1": 0}}}, "LHSO"),
        ({"classes": {"high": 10}}, "niet onder die van midden"),
        ({"effect": {"scores": {"3.2": {}}}}, "hoofdstuk 3"),
        ({"effect": {"themes": {"veiligheid": 0}}}, "thema"),
    ],
)
def test_parameters_that_are_no_model_are_named(sections: dict[str, Any], flaw: str) -> None:
    assert any(flaw in found for found in flaws(changed(**sections)))

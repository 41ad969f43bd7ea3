"""The score: monotone where it must be, explained to the cent, blind to order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.risk.domain import (
    Candidate,
    Facts,
    Inspection,
    Model,
    Violation,
    compliance,
    effect,
    elapsed,
    explained,
    programme,
    score,
)
from shared.contracts.risk import RiskClass

EXAMPLE = import_module("services.risk.migrations.versions.0001_first").PARAMETERS
MODEL = Model.of("proef", EXAMPLE)
TODAY = date(2026, 11, 24)

days = st.dates(min_value=date(2018, 1, 1), max_value=TODAY)
cells = st.sampled_from([f"{letter}{digit}" for letter in "ABCD" for digit in "1234"])
violations = st.builds(Violation, on=days, cell=cells | st.none(), sanctioned=st.booleans())
inspections = st.builds(Inspection, on=days, reinspection=st.booleans())
codes = st.sampled_from(["3.2.1", "3.3.1", "3.4.6", "3.6.1", "3.7.2", "3.8.10"])
facts = st.builds(
    Facts,
    activities=st.lists(codes, max_size=4, unique=True).map(tuple),
    inspections=st.lists(inspections, max_size=6).map(tuple),
    violations=st.lists(violations, max_size=6).map(tuple),
)


@given(facts, violations)
def test_a_new_violation_never_improves_the_record(known: Facts, found: Violation) -> None:
    worse = replace(known, violations=(*known.violations, found))
    assert compliance(MODEL, worse, TODAY) >= compliance(MODEL, known, TODAY) - 1e-9


@given(facts)
def test_inspected_today_resets_the_time(known: Facts) -> None:
    seen = replace(known, inspections=(*known.inspections, Inspection(TODAY)))
    assert elapsed(MODEL, seen, TODAY) == 0


@given(facts)
def test_the_terms_add_up_to_the_score_exactly(known: Facts) -> None:
    result = score(MODEL, known, TODAY)
    assert sum((term.contribution for term in result.terms), Decimal(0)) == result.total
    assert 0 <= result.total <= 100


@given(facts, st.randoms())
def test_the_order_of_facts_does_not_matter(known: Facts, random: st.DataObject) -> None:
    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        mixed = list(items)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        return tuple(mixed)

    other = Facts(
        shuffled(known.activities),  # type: ignore[arg-type]
        shuffled(known.inspections),  # type: ignore[arg-type]
        shuffled(known.violations),  # type: ignore[arg-type]
    )
    assert score(MODEL, other, TODAY).total == score(MODEL, known, TODAY).total


def test_never_inspected_is_not_a_good_record() -> None:
    result = score(MODEL, Facts(activities=("3.4.6",)), TODAY)
    assert result.never_inspected
    assert result.terms[2].value == 1


def test_the_heaviest_activity_counts_and_the_others_add_a_little() -> None:
    one = effect(MODEL, ["3.3.1"])
    assert one < effect(MODEL, ["3.3.1", "3.7.2"]) <= 1
    assert effect(MODEL, []) == 0


def test_a_paragraph_without_a_line_takes_that_of_its_department() -> None:
    assert effect(MODEL, ["3.4.12"]) == effect(MODEL, ["3.4.1"])


def test_classes_follow_the_cuts() -> None:
    calm = Facts(activities=("3.7.2",), inspections=(Inspection(TODAY),))
    assert score(MODEL, calm, TODAY).risk_class is RiskClass.LOW
    grave = Facts(
        activities=("3.3.1",),
        inspections=(Inspection(TODAY - timedelta(days=800)),),
        violations=(Violation(TODAY - timedelta(days=10), "D4"),) * 3,
    )
    assert score(MODEL, grave, TODAY).risk_class is RiskClass.HIGH


def test_the_explanation_says_what_would_change_the_score() -> None:
    known = Facts(activities=("3.4.6",), violations=(Violation(TODAY, "B2"),))
    changes = explained(MODEL, known, TODAY).changes
    assert len(changes) == 3
    assert "zonder overtreding" in changes[0]


def test_weights_that_do_not_add_up_are_no_model() -> None:
    with pytest.raises(ArithmeticError, match="samen 1"):
        Model.of("fout", {**EXAMPLE, "weight_time": "0.3"})


def test_a_programme_takes_the_highest_scores_that_fit() -> None:
    places = [
        Candidate("b", Decimal(60), Decimal(24)),
        Candidate("a", Decimal(60), Decimal(24)),
        Candidate("c", Decimal(20), Decimal(7)),
    ]
    chosen = [place.location_id for place in programme(places, Decimal(31))]
    assert chosen == ["a", "c"]

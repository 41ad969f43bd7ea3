"""Awb chapter 5 and 4:8: what may be imposed, in which order, and by whom."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.measures.domain.imposing import end, impose, intend
from services.enforcement.measures.domain.measure import (
    STATES,
    Measure,
    MeasureState,
    Mode,
    Order,
    Unit,
    with_order,
)
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.policy.domain.mandate import NOT_NEEDED
from services.enforcement.policy.domain.matrix import CELLS, Direction
from services.enforcement.violations.domain import ViolationState, enforce
from shared.contracts.enforcement import Instrument, MeasureResult
from tests.unit.enforcement.cases import (
    ALLOWED,
    ONCE,
    TODAY,
    a_violation,
    an_order,
    chosen,
    imposing,
    refused,
    the_matrix,
    wrong,
)

MATRIX = the_matrix()
URGENT = imposing(urgency_reason="Acuut gevaar.")


def announced(until: date, **changes: Any) -> Measure:
    state = MeasureState.INTENDED
    measure = replace(chosen(), state=state, intended_on=TODAY, hearing_until=until)
    return replace(measure, **changes)


# The choice (LHSO step 5, Awb 4:84)


@given(st.sampled_from(CELLS), st.sampled_from(Instrument))
def test_a_deviation_is_motivated_and_its_direction_kept(cell: str, instrument: Instrument) -> None:
    if instrument in MATRIX.cells[cell].advice:
        measure = chosen(instrument, cell=cell)
        assert (measure.deviates, measure.deviation_reason) == (False, None)
        return
    with wrong("deviation_reason"):
        chosen(instrument, cell=cell)
    measure = chosen(instrument, cell=cell, deviation_reason="Bijzonder geval.")
    assert measure.direction in set(Direction)
    assert measure.deviation_reason == "Bijzonder geval."


def test_lighter_and_heavier() -> None:
    lighter = chosen(Instrument.WARNING, cell="D4", deviation_reason="Al beëindigd.")
    heavier = chosen(Instrument.CLOSURE, cell="A1", deviation_reason="Ernst.")
    assert (lighter.direction, heavier.direction) == (Direction.LIGHTER, Direction.HEAVIER)


def test_a_violation_without_a_place_or_that_has_ended_gets_no_measure() -> None:
    with refused("LHSO stap 5"):
        chosen(violation=a_violation(None))
    with refused("LHSO stap 5"):
        chosen(violation=a_violation(state=ViolationState.RESOLVED))


# Cumulation (Awb 5:6, 5:43, 5:44)


@pytest.mark.parametrize("state", [MeasureState.IMPOSED, MeasureState.FORFEITED])
def test_no_second_recovery_sanction_for_the_same_violation(state: MeasureState) -> None:
    with refused("Awb 5:6"):
        chosen(Instrument.ADMINISTRATIVE_COERCION, others=(an_order(state=state),))


@pytest.mark.parametrize(
    "state", [MeasureState.EXECUTED, MeasureState.WITHDRAWN, MeasureState.EXHAUSTED]
)
def test_after_the_first_has_ended_a_heavier_one_may_follow(state: MeasureState) -> None:
    assert chosen(Instrument.ADMINISTRATIVE_COERCION, others=(an_order(state=state),))


def test_recovery_and_punishment_go_together() -> None:
    assert chosen(Instrument.FINE, others=(an_order(),))


def test_no_second_fine_and_no_fine_after_a_penal_order() -> None:
    with refused("Awb 5:43"):
        chosen(Instrument.FINE, others=(an_order(instrument=Instrument.FINE),))
    with refused("Awb 5:44"):
        chosen(Instrument.FINE, others=(an_order(instrument=Instrument.PENAL_ORDER),))


# What an order says (Awb 5:32b)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(Mode.ONCE, Decimal(0), Decimal(5)), "order.amount"),
        (Order(Mode.ONCE, Decimal(-1), Decimal(5)), "order.amount"),
        (Order(Mode.ONCE, Decimal(6), Decimal(5)), "order.maximum"),
        (Order(Mode.PER_UNIT, Decimal(1), Decimal(5)), "order.time_unit"),
        (Order(Mode.ONCE, Decimal(1), Decimal(5), Unit.WEEK), "order.time_unit"),
    ],
)
def test_mode_amount_and_maximum_hold_together(order: Order, field: str) -> None:
    with wrong(field):
        with_order(chosen(), order)


def test_only_a_penalty_order_has_a_penalty() -> None:
    with wrong("order"):
        chosen(Instrument.FINE, order=ONCE)


def test_an_order_without_an_amount_is_not_imposed() -> None:
    with refused("Awb 5:32b"):
        impose(chosen(order=None), URGENT, ALLOWED, (), TODAY)


# Hearing (Awb 4:8, 4:11)


def test_an_order_is_refused_while_the_hearing_period_runs() -> None:
    with refused("Awb 4:8"):
        impose(announced(until=TODAY), imposing(), ALLOWED, (), TODAY)


def test_it_is_imposed_the_day_after_or_once_the_view_is_there_or_when_it_cannot_wait() -> None:
    day_after = TODAY + timedelta(days=1)
    assert impose(announced(TODAY), imposing(day_after), ALLOWED, (), day_after)
    assert impose(announced(TODAY), imposing(view_received_on=TODAY), ALLOWED, (), TODAY)
    urgent, _, _ = impose(chosen(), URGENT, ALLOWED, (), TODAY)
    assert urgent.urgency_reason == "Acuut gevaar."


def test_without_an_intention_a_decision_waits() -> None:
    with refused("Awb 4:8 en 4:11"):
        impose(chosen(), imposing(), ALLOWED, (), TODAY)


def test_the_intention_gives_the_time_that_policy_sets_and_ends_on_a_working_day() -> None:
    # 14 days after Friday 11 December 2026 is Christmas; Saturday and Sunday follow.
    intended, term, event = intend(chosen(), date(2026, 12, 11), date(2026, 12, 11), 14)
    assert term.kind is TermKind.HEARING
    assert intended.hearing_until == term.ends_on == date(2026, 12, 28)
    assert event.decided_on == date(2026, 12, 11)


def test_what_is_no_decision_needs_no_intention_no_mandate_and_no_objection() -> None:
    warning = chosen(Instrument.WARNING, cell="B2")
    with refused("Awb 1:3"):
        intend(warning, TODAY, TODAY, 14)
    imposed, terms, _ = impose(warning, imposing(), NOT_NEEDED, (), TODAY)
    assert imposed.objection_until is None
    assert [term.kind for term in terms] == [TermKind.REPAIR]


def test_a_decision_is_not_dated_before_its_intention_nor_published_before_itself() -> None:
    order = announced(until=TODAY - timedelta(days=1))
    with wrong("decided_on"):
        impose(order, imposing(TODAY - timedelta(days=1)), ALLOWED, (), TODAY)
    with wrong("decided_on"):
        impose(order, imposing(TODAY + timedelta(days=1)), ALLOWED, (), TODAY)
    with wrong("published_on"):
        early = imposing(published_on=TODAY - timedelta(days=1))
        impose(order, early, ALLOWED, (), TODAY)


@pytest.mark.parametrize("days", [-11, 1])
def test_a_view_came_after_the_intention_and_before_the_decision(days: int) -> None:
    order = announced(TODAY, intended_on=TODAY - timedelta(days=10))
    with wrong("view_received_on"):
        view = imposing(view_received_on=TODAY + timedelta(days=days))
        impose(order, view, ALLOWED, (), TODAY)


# Imposition (Awb 3:41, 5:32a, 6:8)


def test_terms_run_from_the_day_after_publication() -> None:
    day = date(2025, 3, 3)
    ready = announced(date(2025, 3, 1), intended_on=date(2025, 2, 12), term_days=58)
    imposed, (objection, compliance), event = impose(ready, imposing(day), ALLOWED, (), day)
    assert (objection.starts_on, objection.ends_on) == (date(2025, 3, 4), date(2025, 4, 14))
    assert (compliance.starts_on, compliance.ends_on) == (date(2025, 3, 4), date(2025, 4, 30))
    assert imposed.state is MeasureState.IMPOSED
    assert (event.compliance_until, event.amount) == (date(2025, 4, 30), Decimal("5000.00"))
    assert imposed.mandate is not None
    assert imposed.mandate["toegestaan"] is True


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 730))
def test_no_term_ends_on_a_day_off(day: date, days: int) -> None:
    order = replace(chosen(), term_days=days)
    urgent = imposing(day, urgency_reason="Acuut gevaar.")
    _, terms, _ = impose(order, urgent, ALLOWED, (), day)
    for term in terms:
        assert term.ends_on.weekday() < 5
        assert term.ends_on >= day


def test_an_order_to_prevent_repetition_has_no_term() -> None:
    imposed, terms, _ = impose(chosen(term_days=None), URGENT, ALLOWED, (), TODAY)
    assert imposed.compliance_until is None
    assert [term.kind for term in terms] == [TermKind.OBJECTION]


def test_the_decision_may_change_what_was_chosen() -> None:
    other = Order(Mode.PER_VIOLATION, Decimal(100), Decimal(300))
    how = replace(URGENT, order=other, term_days=7, remedy="Anders.")
    imposed, _, _ = impose(chosen(), how, ALLOWED, (), TODAY)
    assert (imposed.amount, imposed.maximum, imposed.term_days) == (Decimal(100), Decimal(300), 7)
    assert imposed.remedy == "Anders."


def test_a_second_sanction_is_also_refused_at_the_moment_of_imposing() -> None:
    with refused("Awb 5:6"):
        impose(chosen(), URGENT, ALLOWED, (an_order(),), TODAY)


def test_a_violation_is_enforced_once_a_measure_is_imposed() -> None:
    enforced = enforce(a_violation())
    assert enforced.state is ViolationState.ENFORCED
    assert enforce(enforced) is enforced


# Ending


def test_a_withdrawal_is_motivated_and_exhaustion_needs_the_maximum() -> None:
    with wrong("reason"):
        end(an_order(), MeasureResult.WITHDRAWN, TODAY, None, TODAY)
    ended, event = end(an_order(), MeasureResult.WITHDRAWN, TODAY, "Nieuw inzicht.", TODAY)
    assert (ended.state, event.result) == (MeasureState.WITHDRAWN, MeasureResult.WITHDRAWN)
    half = an_order(state=MeasureState.FORFEITED, forfeited=Decimal(10))
    with refused("Awb 5:32b lid 2"):
        end(half, MeasureResult.EXHAUSTED, TODAY, None, TODAY)
    full = replace(half, forfeited=Decimal("5000.00"))
    assert end(full, MeasureResult.EXHAUSTED, TODAY, None, TODAY)


@given(st.sampled_from(MeasureState))
def test_an_ended_measure_stays_ended(state: MeasureState) -> None:
    ended = {MeasureState.EXECUTED, MeasureState.WITHDRAWN, MeasureState.EXHAUSTED}
    assert bool(STATES.next(state)) == (state not in ended)
    assert all(why for _, why in STATES.next(state))

"""Awb 5:33, 5:35, 5:37: forfeited by law, to be paid in six weeks, barred after a year."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.inspections.domain import FindingResult
from services.enforcement.measures.domain.forfeiture import (
    CollectionAct,
    Forfeiture,
    collect,
    forfeit,
)
from services.enforcement.measures.domain.measure import Measure, MeasureState, Mode, Unit
from services.enforcement.measures.domain.terms import TermKind, a_year_after
from shared.contracts.enforcement import Instrument
from shared.errors import NotAllowed
from shared.ids import new_id
from tests.unit.enforcement.cases import an_order, found_again, refused, wrong

DAY = date(2025, 5, 1)
LATER = date(2026, 11, 24)


def lost_on(day: date = DAY) -> Forfeiture:
    order = an_order()
    _, lost, _, _ = forfeit(order, found_again(order, day), [], new_id())
    return lost


def test_forfeited_on_1_may_is_paid_by_12_june_and_barred_after_1_may_next_year() -> None:
    order = an_order()
    changed, lost, terms, event = forfeit(order, found_again(order), [], new_id())
    assert changed.state is MeasureState.FORFEITED
    assert changed.forfeited == lost.amount == event.amount == Decimal("5000.00")
    assert (event.forfeited_on, event.pay_until) == (DAY, date(2025, 6, 12))
    assert event.prescribes_on == date(2026, 5, 1)
    assert [term.kind for term in terms] == [TermKind.PAYMENT, TermKind.PRESCRIPTION]


def test_a_collection_decision_of_10_september_starts_the_year_anew() -> None:
    collected, term = collect(lost_on(), CollectionAct.DECISION, date(2025, 9, 10), LATER)
    assert term is not None
    assert collected.prescribes_on == term.ends_on == date(2026, 9, 10)
    with refused("Awb 5:37"):
        collect(collected, CollectionAct.DECISION, date(2025, 9, 11), LATER)


def test_after_the_last_day_nothing_is_collected_but_a_payment_is_still_a_payment() -> None:
    assert collect(lost_on(), CollectionAct.DECISION, date(2026, 5, 1), LATER)
    with refused("Awb 5:35"):
        collect(lost_on(), CollectionAct.DECISION, date(2026, 5, 2), LATER)
    paid, term = collect(lost_on(), CollectionAct.PAYMENT, date(2026, 6, 1), LATER)
    assert (paid.paid_on, term) == (date(2026, 6, 1), None)
    with refused("Awb 5:33"):
        collect(paid, CollectionAct.PAYMENT, date(2026, 6, 2), LATER)


def test_nothing_is_collected_before_it_was_forfeited_or_in_the_future() -> None:
    with refused("Awb 5:33"):
        collect(lost_on(), CollectionAct.PAYMENT, DAY - timedelta(days=1), LATER)
    with wrong("date"):
        collect(lost_on(), CollectionAct.PAYMENT, LATER + timedelta(days=1), LATER)


@pytest.mark.parametrize("day", [date(2025, 4, 29), date(2025, 4, 30)])
def test_nothing_is_forfeited_while_the_term_runs(day: date) -> None:
    order = an_order()
    with refused("Awb 5:32a"):
        forfeit(order, found_again(order, day), [], new_id())


def test_without_a_term_the_order_holds_from_the_day_after_publication() -> None:
    order = an_order(compliance_until=None)
    with refused("Awb 5:32a"):
        forfeit(order, found_again(order, date(2025, 3, 3)), [], new_id())
    assert forfeit(order, found_again(order, date(2025, 3, 4)), [], new_id())


@pytest.mark.parametrize(
    "changes",
    [
        {"violation_id": new_id()},
        {"completed_on": None},
        {"results": (FindingResult.COMPLIANT,)},
        {"results": (FindingResult.FURTHER,)},
        {"results": ()},
    ],
)
def test_forfeiture_is_proven_by_a_reinspection_of_this_violation(changes: dict[str, Any]) -> None:
    order = an_order()
    with refused("Awb 5:33"):
        forfeit(order, replace(found_again(order), **changes), [], new_id())


@pytest.mark.parametrize(
    "state", [each for each in MeasureState if each not in {"opgelegd", "verbeurd"}]
)
def test_only_an_order_in_force_can_be_forfeited(state: MeasureState) -> None:
    order = an_order(state=state)
    with refused("toestandsovergang"):
        forfeit(order, found_again(order), [], new_id())


def test_another_measure_has_nothing_to_forfeit() -> None:
    other = an_order(instrument=Instrument.ADMINISTRATIVE_COERCION)
    with refused("Awb 5:32"):
        forfeit(other, found_again(other), [], new_id())


def test_one_reinspection_proves_one_forfeiture() -> None:
    order = an_order(mode=Mode.PER_VIOLATION, amount=Decimal(100), maximum=Decimal(1000))
    evidence = found_again(order)
    changed, lost, _, _ = forfeit(order, evidence, [], new_id())
    with refused("Awb 5:33"):
        forfeit(changed, evidence, [lost], new_id())


def test_an_amount_at_once_is_forfeited_once() -> None:
    order = an_order(maximum=Decimal("9000.00"))
    changed, lost, _, _ = forfeit(order, found_again(order), [], new_id())
    with refused("Awb 5:32b lid 1"):
        forfeit(changed, found_again(changed, date(2025, 5, 9)), [lost], new_id())


def walked(order: Measure, days: Sequence[date]) -> tuple[Measure, list[Forfeiture]]:
    """Re-inspections that each find the violation; one that forfeits nothing more is passed by."""
    found: list[Forfeiture] = []
    for day in days:
        try:
            order, lost, _, _ = forfeit(order, found_again(order, day), found, new_id())
        except NotAllowed:
            continue
        found.append(lost)
    return order, found


@pytest.mark.parametrize(
    ("unit", "days", "count"),
    [
        (Unit.DAY, (DAY, DAY, DAY + timedelta(days=1)), 2),
        (Unit.WEEK, (DAY, date(2025, 5, 7), date(2025, 5, 8)), 2),
        (Unit.MONTH, (DAY, date(2025, 5, 31), date(2025, 6, 1)), 2),
    ],
)
def test_per_unit_of_time_each_unit_counts_once(
    unit: Unit, days: tuple[date, ...], count: int
) -> None:
    order = an_order(mode=Mode.PER_UNIT, unit=unit, amount=Decimal(500), maximum=Decimal(5000))
    changed, found = walked(order, days)
    assert len(found) == count
    assert changed.forfeited == 500 * count


money = st.decimals(Decimal("0.01"), Decimal(10_000), places=2)


@given(money, money, st.lists(st.integers(0, 400), max_size=12, unique=True))
def test_never_more_than_the_maximum_and_the_parts_add_up(
    amount: Decimal, extra: Decimal, days: list[int]
) -> None:
    order = an_order(mode=Mode.PER_VIOLATION, amount=amount, maximum=amount + extra)
    changed, found = walked(order, [DAY + timedelta(days=day) for day in sorted(days)])
    assert changed.forfeited == sum((lost.amount for lost in found), Decimal(0))
    assert changed.forfeited <= amount + extra
    assert [lost.sequence for lost in found] == list(range(1, len(found) + 1))


@given(st.dates(date(2025, 5, 1), date(2040, 12, 31)))
def test_payment_ends_on_a_working_day_and_prescription_after_exactly_a_year(day: date) -> None:
    lost = lost_on(day)
    assert lost.pay_until >= day + timedelta(weeks=6)
    assert lost.pay_until.weekday() < 5
    # The Algemene termijnenwet does not move a term of a year (art. 4).
    assert lost.prescribes_on == a_year_after(day)


def test_a_year_after_a_leap_day() -> None:
    assert a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)

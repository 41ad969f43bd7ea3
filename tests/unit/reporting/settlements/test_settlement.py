"""The settlement to the cent: the worked vectors, and what must hold for any input."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.prices.domain import Priced, collective_part
from services.reporting.settlements.domain.run import (
    RunFacts,
    SettledPart,
    control_totals,
)
from services.reporting.settlements.domain.settlement import (
    TRANSITIONS,
    Band,
    BandMode,
    Inputs,
    Result,
    SettlementState,
    input_hash,
    require_closed_year,
    require_same_input,
    settle,
    snapshot,
)
from shared.errors import NotAllowed
from shared.money import apportion

RATE = Decimal("95.0000")
FIVE_PERCENT = Decimal(5)


def priced(hours: str, product: str = "T10-01", rate: Decimal = RATE, **facts: Any) -> Priced:
    return Priced(product, "tarief", rate, int(Decimal(hours) * 60), **facts)


def inputs(actual: str, planned: int, advance: str, **facts: Any) -> Inputs:
    return Inputs(
        participant="gm0153",
        year=2025,
        lines=(priced(actual),),
        planned_minutes=planned * 60,
        planned_rate=RATE,
        advance=Decimal(advance),
        **facts,
    )


A = inputs("12600", 12_000, "1140000")
B = inputs("7300", 8_000, "760000")


def test_more_hours_than_planned_are_paid() -> None:
    found = settle(A)
    assert (found.owed, found.balance) == (Decimal("1197000.00"), Decimal("57000.00"))
    assert found.deviation_minutes == 600 * 60


def test_fewer_hours_than_planned_are_paid_back() -> None:
    found = settle(B)
    assert (found.owed, found.balance) == (Decimal("693500.00"), Decimal("-66500.00"))


@pytest.mark.parametrize(
    ("mode", "of_a", "of_b"),
    [
        (BandMode.NONE, "57000.00", "-66500.00"),
        (BandMode.EXCESS_ONLY, "0.00", "-28500.00"),
        (BandMode.ALL_WHEN_EXCEEDED, "0.00", "-66500.00"),
    ],
)
def test_a_dead_band_of_five_percent(mode: BandMode, of_a: str, of_b: str) -> None:
    """Exactly on the edge (A) is inside."""
    band = Band(FIVE_PERCENT, mode)
    assert settle(replace(A, band=band)).balance == Decimal(of_a)
    assert settle(replace(B, band=band)).balance == Decimal(of_b)


def test_excess_above_the_band_is_paid_at_the_tariff() -> None:
    over = inputs("12700", 12_000, "1140000", band=Band(FIVE_PERCENT, BandMode.EXCESS_ONLY))
    assert settle(over).balance == Decimal("9500.00")


def test_a_year_without_hours_gives_the_advance_back() -> None:
    none = replace(B, lines=())
    assert settle(none).balance == Decimal("-760000.00")
    band = Band(FIVE_PERCENT, BandMode.EXCESS_ONLY)
    assert settle(replace(none, band=band)).balance == Decimal("-722000.00")


def test_a_correction_of_twelve_and_a_half_hours() -> None:
    corrected = replace(A, lines=(priced("12600"), priced("-12.5")))
    assert settle(corrected).balance - settle(A).balance == Decimal("-1187.50")


def test_money_is_rounded_once_per_line() -> None:
    line = Priced("T10-01", "t", Decimal("98.3700"), 7 * 60)
    assert line.amount == Decimal("688.59")
    found = settle(replace(A, lines=(line, replace(line, product="K10-01")), advance=Decimal(0)))
    assert found.owed == Decimal("1377.18")


def test_a_surplus_goes_back_by_the_key() -> None:
    weights = {"gm0153": 1, "gm0164": 1, "pv23": 1}
    result = Result(Decimal("100.00"), weights, "sleutel")
    found = settle(replace(A, result=result))
    assert found.result_share == Decimal("33.34")
    assert found.to_pay == Decimal("56966.66")
    shares = [result.share_of(code) for code in weights]
    assert sum(shares) == Decimal("100.00")


def test_collective_hours_are_divided_without_a_loss() -> None:
    weights = {"A": 50, "B": 30, "C": 20}
    hours = (Priced("R10-01", "t", RATE, 1_001),)
    parts = [collective_part(hours, weights, code) for code in weights]
    assert [part[0].minutes for part in parts] == [501, 300, 200]
    assert all(part[0].collective for part in parts)
    assert collective_part(hours, weights, "D") == ()


def test_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    lines = (priced("10"), priced("20", "K10-01"), priced("5", "T10-04"))
    first = replace(A, lines=lines, result=Result(Decimal(10), {"pv23": 1, "gm0153": 2}, "s"))
    again = replace(
        A, lines=lines[::-1], result=Result(Decimal("10.00"), {"gm0153": 2, "pv23": 1}, "s")
    )
    assert snapshot(first) == snapshot(again)
    assert input_hash(first) == input_hash(again)
    moved = replace(first, lines=(*lines[:2], priced("5.25", "T10-04")))
    assert input_hash(moved) != input_hash(first)
    with pytest.raises(NotAllowed, match="nieuwe"):
        require_same_input(input_hash(moved), input_hash(first))


def test_a_year_is_settled_when_it_is_over_and_closed() -> None:
    with pytest.raises(NotAllowed, match="niet voorbij"):
        require_closed_year(2026, date(2026, 12, 31), [])
    with pytest.raises(NotAllowed, match="november, december"):
        require_closed_year(2025, date(2026, 1, 9), [11, 12])
    require_closed_year(2025, date(2026, 1, 9), [])


def test_what_is_adopted_stays_adopted() -> None:
    with pytest.raises(NotAllowed):
        TRANSITIONS.require(SettlementState.ADOPTED, SettlementState.TRIAL)


MINUTES = st.integers(-20_000, 900_000)
RATES = st.decimals("1", "300", places=4)
LINES = st.lists(
    st.builds(
        Priced,
        st.sampled_from(["T10-01", "T10-04", "K10-01", "H10-02"]),
        st.sampled_from(["t1", "t2"]),
        RATES,
        MINUTES,
    ),
    max_size=8,
).map(tuple)
MONEY = st.decimals("-2000000", "2000000", places=2)
CODES = ("gm0141", "gm0153", "gm0164", "pv23")


@given(st.lists(st.tuples(LINES, MONEY), min_size=4, max_size=4), MONEY)
def test_control_totals_close_to_the_cent(
    years: list[tuple[tuple[Priced, ...], Decimal]], result: Decimal
) -> None:
    weights = dict(zip(CODES, (74, 161, 82, 84), strict=True))
    parts = []
    for code, (lines, advance) in zip(CODES, years, strict=True):
        one = replace(
            A,
            participant=code,
            lines=lines,
            advance=advance,
            result=Result(result, weights, "s"),
        )
        outcome = settle(one)
        assert outcome.balance == outcome.owed - advance
        amounts = (outcome.owed, advance, outcome.balance, outcome.result_share, outcome.to_pay)
        parts.append(SettledPart(*amounts, collective_minutes=0, versions_hash="v"))
    totals = control_totals([RunFacts(result, 0, ())], parts, whole=True)
    assert totals.balance == totals.owed - totals.advance
    assert totals.result_share == result
    assert totals.in_balance


def part(**changes: Any) -> SettledPart:
    zero = Decimal("0.00")
    return replace(SettledPart(zero, zero, zero, zero, zero, 0, "v"), **changes)


@pytest.mark.parametrize(
    ("run", "parts", "said"),
    [
        (RunFacts(Decimal(0), 0, ()), [part(to_pay=Decimal("0.01"))], "niet het saldo"),
        (RunFacts(Decimal(0), 0, ()), [part(), part(versions_hash="w")], "dezelfde regels"),
        (RunFacts(Decimal(0), 0, ("gm0164",)), [part()], "niet verrekend: gm0164"),
        (RunFacts(Decimal(100), 0, ()), [part()], "niet het resultaat"),
        (RunFacts(Decimal(0), 60, ()), [part(collective_minutes=40)], "niet helemaal verdeeld"),
    ],
)
def test_control_totals_say_what_does_not_come_out(
    run: RunFacts, parts: list[SettledPart], said: str
) -> None:
    totals = control_totals([run], parts, whole=True)
    assert not totals.in_balance
    assert any(said in deviation for deviation in totals.deviations)


def test_who_sees_one_participant_is_not_told_of_the_others() -> None:
    run = RunFacts(Decimal(100), 60, ("gm0164",))
    assert control_totals([run], [part()], whole=False).in_balance


def on_plan(**facts: Any) -> Inputs:
    """Own hours exactly on plan, and 300 collective hours that nobody planned."""
    lines = (priced("12000"), priced("300", "R10-01", collective=True))
    return replace(inputs("12000", 12_000, "1140000"), lines=lines, **facts)


@pytest.mark.parametrize("mode", list(BandMode))
def test_collective_hours_are_charged_whatever_the_band(mode: BandMode) -> None:
    settled = settle(on_plan(band=Band(FIVE_PERCENT, mode)))
    assert settled.balance == Decimal("28500.00")
    assert (settled.deviation_minutes, settled.settled_minutes) == (0, 0)
    assert settled.collective_balance == Decimal("28500.00")


@pytest.mark.parametrize("mode", list(BandMode))
def test_planned_collective_hours_are_in_the_advance(mode: BandMode) -> None:
    planned = on_plan(
        band=Band(FIVE_PERCENT, mode),
        advance=Decimal("1168500.00"),
        planned_collective_minutes=300 * 60,
        planned_collective_amount=Decimal("28500.00"),
    )
    assert settle(planned).balance == Decimal("0.00")


def test_the_excess_above_the_band_and_collective_hours_are_both_paid() -> None:
    lines = (priced("12700"), priced("300", "R10-01", collective=True))
    over = replace(on_plan(band=Band(FIVE_PERCENT, BandMode.EXCESS_ONLY)), lines=lines)
    assert settle(over).balance == Decimal("9500.00") + Decimal("28500.00")


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000), st.integers(0, 20))
def test_a_band_never_settles_more_than_the_deviation(
    actual: int, planned: int, percentage: int
) -> None:
    for mode in BandMode:
        one = replace(
            A,
            lines=(Priced("T10-01", "t", RATE, actual),),
            planned_minutes=planned,
            band=Band(Decimal(percentage), mode),
        )
        found = settle(one)
        assert abs(found.settled_minutes) <= abs(found.deviation_minutes)
        assert found.settled_minutes * found.deviation_minutes >= 0


@given(st.integers(-500_000, 500_000), st.permutations(CODES))
def test_collective_parts_add_up_in_any_order(minutes: int, order: list[str]) -> None:
    weights = {code: number + 1 for number, code in enumerate(order)}
    hours = (Priced("R10-01", "t", RATE, minutes),)
    parts = [collective_part(hours, weights, code) for code in CODES]
    assert sum(part[0].minutes for part in parts if part) == minutes
    exact = apportion(minutes, weights)
    assert all(abs(exact[c] - Fraction(minutes * weights[c], 10)) < 1 for c in CODES)

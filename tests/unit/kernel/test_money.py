"""Money and shares: one way of rounding, and parts that add up."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import apportion, euros, minutes_at, written

WEIGHTS = st.dictionaries(
    st.text("abcdefgh0123", min_size=1, max_size=6), st.integers(0, 10_000), min_size=1
).filter(lambda weights: any(weights.values()))
TWENTE = (74, 24, 27, 161, 24, 36, 82, 35, 23, 32, 38, 21, 34, 25, 84)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("100000", "100.000,00"),
        ("0.005", "0,01"),
        ("-1234.5", "\N{MINUS SIGN}1.234,50"),
        ("0", "0,00"),
    ],
)
def test_an_amount_is_written_in_dutch(amount: str, text: str) -> None:
    assert written(Decimal(amount)) == f"€\N{NO-BREAK SPACE}{text}"


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("16.125", "16.13"),
        ("2.675", "2.68"),
        ("-16.125", "-16.13"),
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("12.344999", "12.34"),
    ],
)
def test_halves_go_away_from_zero(exact: str, rounded: str) -> None:
    assert euros(Decimal(exact)) == Decimal(rounded)


def test_minutes_are_summed_before_they_are_priced() -> None:
    rate = Decimal("98.37")
    assert minutes_at(7 * 60, rate) == Decimal("688.59")
    per_entry = sum(minutes_at(35, rate) for _ in range(12))
    assert per_entry != Decimal("688.59")


def test_a_correction_is_priced_like_the_hours_it_takes_back() -> None:
    assert minutes_at(-750, Decimal("95.00")) == Decimal("-1187.50")


def test_three_equal_parts_of_a_hundred_euro() -> None:
    equal = {"A": 1, "B": 1, "C": 1}
    assert apportion(10_000, equal) == {"A": 3_334, "B": 3_333, "C": 3_333}
    assert apportion(-10_000, equal) == {"A": -3_334, "B": -3_333, "C": -3_333}


def test_fifteen_parts_that_naive_rounding_misses_by_two_cents() -> None:
    weights = {f"p{number:02d}": weight for number, weight in enumerate(TWENTE)}
    parts = apportion(1_000_001, weights)
    assert list(parts.values()) == [
        *(102_778, 33_333, 37_500, 223_611, 33_333, 50_000, 113_889, 48_611),
        *(31_945, 44_445, 52_778, 29_167, 47_222, 34_722, 116_667),
    ]
    shuffled = list(weights.items())
    random.Random(1).shuffle(shuffled)
    assert apportion(1_000_001, dict(shuffled)) == parts


def test_quarter_hours_by_a_key() -> None:
    parts = apportion(1_001, {"A": 50, "B": 30, "C": 20})
    assert parts == {"A": 501, "B": 300, "C": 200}


@pytest.mark.parametrize("weights", [{}, {"A": 0}, {"A": 1, "B": -1}])
def test_weights_that_divide_nothing_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        apportion(100, weights)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_parts_add_up_and_stay_within_one_unit(total: int, weights: dict[str, int]) -> None:
    parts = apportion(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    for code, weight in weights.items():
        assert abs(parts[code] - Fraction(total * weight, whole)) < 1
        assert weight or parts[code] == 0


@given(st.integers(-(10**9), 10**9), WEIGHTS, st.randoms())
def test_the_order_of_the_input_does_not_matter(
    total: int, weights: dict[str, int], chance: random.Random
) -> None:
    shuffled = list(weights.items())
    chance.shuffle(shuffled)
    assert apportion(total, dict(shuffled)) == apportion(total, weights)


@given(st.integers(-(10**9), 10**9), st.integers(1, 40), st.integers(1, 1000))
def test_equal_weights_differ_by_one_unit_at_most(total: int, count: int, weight: int) -> None:
    parts = apportion(total, {f"{number:03d}": weight for number in range(count)}).values()
    assert max(parts) - min(parts) <= 1

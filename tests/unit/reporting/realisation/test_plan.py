"""Forecast, traffic light and bridge."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.reporting.realisation.domain.plan import (
    Light,
    ProductResult,
    Ratio,
    Thresholds,
    balanced,
    bridge,
    forecast,
    judge,
    rounded,
    seasonal_share,
    year_share,
)
from shared.errors import NotAllowed

LIMITS = Thresholds(Decimal(5), Decimal(10), "voorbeeldwaarde, geldig vanaf 01-01-2020")


def test_a_third_of_the_year_makes_three_times_the_hours() -> None:
    assert forecast(4_300, Fraction(4, 12)) == 12_900


def test_there_is_no_forecast_before_the_year_begins() -> None:
    assert forecast(0, year_share(2027, date(2026, 11, 24))) is None


def test_the_share_of_a_year_counts_the_day_itself() -> None:
    assert year_share(2026, date(2026, 1, 1)) == Fraction(1, 365)
    assert year_share(2024, date(2024, 12, 31)) == 1
    assert year_share(2025, date(2026, 5, 1)) == 1


def test_a_season_weighs_the_months() -> None:
    season = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert seasonal_share(2026, date(2026, 1, 31), season) == Fraction(1, 2)
    assert seasonal_share(2026, date(2026, 6, 15), season) == Fraction(1, 2)
    assert seasonal_share(2026, date(2026, 12, 31), season) == 1
    assert seasonal_share(2025, date(2026, 3, 1), season) == 1
    assert seasonal_share(2027, date(2026, 3, 1), season) == 0


@pytest.mark.parametrize(
    ("expected", "light"),
    [
        (1_000, Light.GREEN),
        (1_050, Light.GREEN),
        (950, Light.GREEN),
        (1_051, Light.AMBER),
        (1_100, Light.AMBER),
        (1_101, Light.RED),
        (0, Light.RED),
        (None, Light.NONE),
    ],
)
def test_the_light_follows_the_deviation(expected: int | None, light: Light) -> None:
    assert judge(expected, 1_000, LIMITS).light is light


def test_a_light_says_which_rule_decided() -> None:
    found = judge(1_064, 1_000, LIMITS)
    assert found.rule == (
        "Prognose 6,4 % boven de begroting; oranje boven 5 % tot en met 10 % "
        "(voorbeeldwaarde, geldig vanaf 01-01-2020)."
    )
    assert found.deviation == Ratio(64, 1_000)


def test_without_a_budget_there_is_no_judgement() -> None:
    assert judge(500, 0, LIMITS).light is Light.NONE


def test_never_a_percentage_over_zero() -> None:
    assert Ratio(5, 0).percentage is None
    assert Ratio(-700, 8_000).percentage == Decimal("-8.8")
    assert Ratio(600, 12_000).percentage == Decimal("5.0")


def result(**facts: object) -> ProductResult:
    known: dict[str, object] = {
        "planned_quantity": 10,
        "planned_minutes": 7_200,
        "planned_amount": Decimal("11400.00"),
        "quantity": 12,
        "minutes": 7_800,
        "amount": Fraction(7_800, 60) * Fraction("98.37"),
        "norm_minutes": 720,
        "rate": Decimal("98.3700"),
    }
    return ProductResult(**{**known, **facts})  # type: ignore[arg-type]


def test_the_bridge_splits_volume_efficiency_and_price() -> None:
    found = bridge(result())
    assert found.volume == 2 * 12 * 95
    assert found.efficiency == (130 - 12 * 12) * 95
    assert found.price == Fraction(130) * (Fraction("98.37") - 95)
    assert found.actual == result().amount


def test_a_product_without_a_plan_uses_norm_and_tariff() -> None:
    found = bridge(
        result(planned_quantity=0, planned_minutes=0, planned_amount=Decimal(0), quantity=2)
    )
    assert found.volume == 2 * 720 * Fraction("98.37") / 60
    assert found.price == 0
    assert found.actual == result().amount


def test_a_product_in_hours_has_no_efficiency() -> None:
    found = bridge(result(planned_quantity=0, norm_minutes=None))
    assert found.efficiency == 0
    assert found.volume == Fraction(600, 60) * 95


def test_an_amount_without_hours_is_no_plan() -> None:
    with pytest.raises(NotAllowed):
        bridge(result(planned_minutes=0))


QUANTITIES, MINUTES = st.integers(0, 500), st.integers(0, 500_000)


@given(
    QUANTITIES, MINUTES, st.decimals(0, 10**6, places=2), QUANTITIES, MINUTES,
    st.fractions(0, 10**6, max_denominator=6000), st.none() | st.integers(1, 9_000),
    st.none() | st.decimals("0.01", 300, places=4),
)  # fmt: skip
def test_the_bridge_is_an_identity(
    planned_quantity: int,
    planned_minutes: int,
    planned_amount: Decimal,
    quantity: int,
    minutes: int,
    amount: Fraction,
    norm: int | None,
    rate: Decimal | None,
) -> None:
    assume(planned_minutes or not planned_amount)
    one = ProductResult(
        planned_quantity, planned_minutes, planned_amount, quantity, minutes, amount, norm, rate
    )
    found = bridge(one)
    assert found.actual == amount
    cents = found.in_cents()
    parts = ("planned", "volume", "efficiency", "price")
    assert sum(cents[part] for part in parts) == cents["actual"]
    assert cents["actual"] == int(rounded(amount * 100, 0))


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.fractions(-(10**9), 10**9, max_denominator=997), min_size=1
    )
)
def test_balanced_parts_are_within_a_cent(parts: dict[str, Fraction]) -> None:
    cents = balanced(parts)
    assert sum(cents.values()) == int(rounded(sum(parts.values(), Fraction(0)) * 100, 0))
    assert all(abs(cents[name] - parts[name] * 100) <= 1 for name in parts)

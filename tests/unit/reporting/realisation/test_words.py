"""The judgement in words, and the corners of share, forecast and bridge."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.reporting.realisation.domain.plan import (
    Bridge,
    Judgement,
    Light,
    ProductResult,
    Ratio,
    Thresholds,
    balanced,
    bridge,
    forecast,
    judge,
    seasonal_share,
)
from tests.support.refusals import not_allowed

LIMITS = Thresholds(Decimal("2.50"), Decimal("10.0"), "v1")


@pytest.mark.parametrize(
    ("expected", "rule"),
    [
        (1_000, "Prognose gelijk aan de begroting; groen tot en met 2,5 % (v1)."),
        (1_025, "Prognose 2,5 % boven de begroting; groen tot en met 2,5 % (v1)."),
        (940, "Prognose 6,0 % onder de begroting; oranje boven 2,5 % tot en met 10 % (v1)."),
        (800, "Prognose 20,0 % onder de begroting; rood boven 10 % (v1)."),
        (None, "Geen oordeel: er is nog geen prognose."),
    ],
)
def test_the_rule_in_words(expected: int | None, rule: str) -> None:
    assert judge(expected, 1_000, LIMITS).rule == rule


def test_a_judgement_that_cannot_be_given() -> None:
    none = Judgement(Light.NONE, "Geen oordeel: er is geen begroting", Ratio(0, 0))
    assert judge(500, 0, LIMITS) == none
    assert judge(500, 1, LIMITS).light is Light.RED


def test_a_season_counts_the_days_of_its_month() -> None:
    season = [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]
    assert seasonal_share(2026, date(2026, 4, 10), season) == Fraction(1, 3)
    assert seasonal_share(2026, date(2026, 4, 1), season) == Fraction(1, 30)
    assert seasonal_share(2026, date(2026, 3, 31), season) == 0


def test_a_forecast_is_whole() -> None:
    assert forecast(10, Fraction(3, 10)) == 33
    assert forecast(10, Fraction(4, 10)) == 25
    assert forecast(1, Fraction(2, 3)) == 2
    assert forecast(1, Fraction(0)) is None
    assert forecast(1, Fraction(1, 365)) == 365


def test_bridges_add_up_part_by_part() -> None:
    one = Bridge(Fraction(1), Fraction(2), Fraction(3), Fraction(4))
    ten = Bridge(Fraction(10), Fraction(20), Fraction(30), Fraction(40))
    assert one + ten == Bridge(Fraction(11), Fraction(22), Fraction(33), Fraction(44))
    assert one.in_cents() == {
        "planned": 100,
        "volume": 200,
        "efficiency": 300,
        "price": 400,
        "actual": 1_000,
    }


DONE = ProductResult(
    planned_quantity=1,
    planned_minutes=60,
    planned_amount=Decimal(60),
    quantity=2,
    minutes=100,
    amount=Fraction(110),
)


def test_one_planned_piece_is_a_norm() -> None:
    assert bridge(DONE) == Bridge(Fraction(60), Fraction(60), Fraction(-20), Fraction(10))


def test_one_planned_minute_is_a_norm() -> None:
    one = replace(DONE, planned_minutes=1, planned_amount=Decimal(1), minutes=5, amount=Fraction(5))
    assert bridge(one) == Bridge(Fraction(1), Fraction(1), Fraction(3), Fraction(0))


def test_pieces_planned_without_hours_are_no_norm() -> None:
    hours = replace(DONE, planned_minutes=0, planned_amount=Decimal(0), rate=Decimal(60))
    assert bridge(hours) == Bridge(Fraction(0), Fraction(100), Fraction(0), Fraction(10))
    with_norm = replace(hours, norm_minutes=30)
    assert bridge(with_norm) == Bridge(Fraction(0), Fraction(60), Fraction(40), Fraction(10))
    assert bridge(replace(with_norm, quantity=0)).volume == 100
    assert bridge(replace(with_norm, quantity=None)).volume == 100


def test_without_plan_or_tariff_the_price_is_as_it_turned_out() -> None:
    free = replace(DONE, planned_minutes=0, planned_amount=Decimal(0))
    assert bridge(free) == Bridge(Fraction(0), Fraction(110), Fraction(0), Fraction(0))
    assert bridge(replace(free, minutes=0)) == Bridge(
        Fraction(0), Fraction(0), Fraction(0), Fraction(110)
    )


def test_an_amount_without_hours_is_no_plan() -> None:
    with not_allowed("Een begroot bedrag zonder begrote uren", "begroting"):
        bridge(replace(DONE, planned_minutes=0))


def test_without_hours_or_tariff_pieces_have_no_price() -> None:
    idle = replace(DONE, planned_minutes=0, planned_amount=Decimal(0), minutes=0, norm_minutes=30)
    assert bridge(idle) == Bridge(Fraction(0), Fraction(0), Fraction(0), Fraction(110))


def test_the_cent_that_is_left_goes_to_the_largest_remainder() -> None:
    small = {"a": Fraction(1, 1000), "b": Fraction(6, 1000), "c": Fraction(3, 1000)}
    assert balanced(small) == {"a": 0, "b": 1, "c": 0}
    assert balanced({"a": Fraction(1006, 1000), "b": Fraction(4, 1000)}) == {"a": 101, "b": 0}
    assert balanced({"a": Fraction(1004, 1000), "b": Fraction(6, 1000)}) == {"a": 100, "b": 1}

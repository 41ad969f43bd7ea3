"""The year of a participant: which products it has, and what they come to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.reporting.budgets.domain import BudgetInForce, PlannedLine
from services.reporting.prices.domain import Priced
from services.reporting.realisation.domain.plan import (
    NO_BRIDGE,
    Light,
    ProductResult,
    Ratio,
    Thresholds,
)
from services.reporting.realisation.domain.year import (
    BookedMonth,
    CatalogueProduct,
    ProductYear,
    Progress,
    YearInputs,
    realise,
)

RATE = Decimal("100.0000")
HALF = Progress(date(2026, 6, 30), Fraction(1, 2), None)
COUNTED = CatalogueProduct(
    "T10-01", "Periodieke controle", "controle", demand_driven=True, norm_minutes=700, counted=True
)
IN_HOURS = CatalogueProduct(
    "H10-02", "Advies", "uur", demand_driven=False, norm_minutes=None, counted=False
)
UNTOUCHED = replace(COUNTED, code="K10-01")
BUDGET = BudgetInForce(
    id="begroting",
    number=2,
    reference="AB 2025-12-10",
    advance=Decimal("5000.00"),
    lines=(
        PlannedLine("T10-01", 10, 6_000, Decimal("9000.00")),
        PlannedLine("R10-01", 0, 600, Decimal("900.00"), collective=True),
    ),
)
SHARED = Priced("R10-01", "t", RATE, 300, collective=True)
INPUTS = YearInputs(
    participant="gm0153",
    name="Enschede",
    year=2026,
    progress=HALF,
    budget=BUDGET,
    catalogue=(UNTOUCHED, COUNTED, IN_HOURS),
    booked=(
        BookedMonth("T10-01", 1, 1_200, 60),
        BookedMonth("T10-01", 6, 1_800, 0),
        BookedMonth("H10-02", 6, 300, 15),
    ),
    delivered={"T10-01": 6},
    priced=(
        Priced("T10-01", "t", RATE, 1_200),
        Priced("T10-01", "u", RATE, 1_800),
        Priced("H10-02", "t", RATE, 300),
    ),
    collective=(SHARED,),
    rate=RATE,
    thresholds=Thresholds(Decimal(5), Decimal(10), "v1"),
)


def test_a_product_of_the_year_whole() -> None:
    product, _ = realise(INPUTS).products
    assert product == ProductYear(
        code="T10-01",
        name="Periodieke controle",
        unit="controle",
        demand_driven=True,
        planned_quantity=10,
        quantity=6,
        norm_minutes=700,
        planned_minutes=6_000,
        minutes=3_000,
        unapproved=60,
        planned_amount=Decimal("9000.00"),
        amount=Decimal("5000.00"),
        exact=ProductResult(
            planned_quantity=10,
            planned_minutes=6_000,
            planned_amount=Decimal("9000.00"),
            quantity=6,
            minutes=3_000,
            amount=Fraction(5_000),
            norm_minutes=700,
            rate=RATE,
        ),
    )
    assert product.minutes_each == 500


def test_a_product_without_a_plan_that_nothing_counts() -> None:
    _, product = realise(INPUTS).products
    assert (product.code, product.quantity, product.minutes_each) == ("H10-02", None, None)
    assert (product.planned_quantity, product.planned_minutes) == (0, 0)
    assert product.planned_amount == Decimal("0.00")
    assert str(product.planned_amount) == "0.00"
    assert (product.minutes, product.unapproved, product.amount) == (300, 15, Decimal("500.00"))


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, ["T10-01", "H10-02"]),
        ({"booked": ()}, ["T10-01"]),
        ({"booked": (), "budget": None}, ["T10-01"]),
        ({"booked": (), "delivered": {}}, ["T10-01"]),
        ({"booked": (), "delivered": {}, "budget": None}, []),
        ({"delivered": {"K10-01": 1}}, ["K10-01", "T10-01", "H10-02"]),
    ],
)
def test_products_that_were_planned_delivered_or_worked_on(
    change: dict[str, Any], codes: list[str]
) -> None:
    assert [row.code for row in realise(replace(INPUTS, **change)).products] == codes


def test_pieces_are_counted_where_something_counts_them() -> None:
    none = realise(replace(INPUTS, delivered={})).products
    assert [row.quantity for row in none] == [0, None]
    assert none[0].minutes_each is None
    by_hand = realise(replace(INPUTS, delivered={"H10-02": 2})).products
    assert [row.quantity for row in by_hand] == [0, 2]


def test_hours_not_priced_cost_nothing_and_no_rate_is_no_price() -> None:
    free = realise(replace(INPUTS, priced=(), rate=Decimal(0))).products[0]
    assert str(free.amount) == "0.00"
    assert free.exact.rate is None


def test_the_months_have_the_hours_that_count() -> None:
    assert realise(INPUTS).months == (1_200, 0, 0, 0, 0, 2_100, 0, 0, 0, 0, 0, 0)
    last = replace(INPUTS, booked=(BookedMonth("T10-01", 12, 60, 0),))
    assert realise(last).months == (0,) * 11 + (60,)


def test_the_totals_of_a_year() -> None:
    year = realise(INPUTS)
    assert (year.participant, year.name, year.year) == ("gm0153", "Enschede", 2026)
    assert (year.progress, year.budget, year.collective) == (HALF, BUDGET, (SHARED,))
    assert (year.planned_minutes, year.minutes, year.unapproved) == (6_000, 3_300, 75)
    assert (year.planned_amount, year.amount) == (Decimal("9000.00"), Decimal("5500.00"))
    assert (year.advance, year.planned_collective_minutes) == (Decimal("5000.00"), 600)
    assert (year.collective_minutes, year.collective_amount) == (300, Decimal("500.00"))
    assert year.spent == Ratio(3_300, 6_000)


def test_a_year_without_budget_or_hours_has_zeros() -> None:
    year = realise(replace(INPUTS, budget=None, booked=(), delivered={}, collective=()))
    assert [str(each) for each in (year.advance, year.amount, year.planned_amount)] == ["0.00"] * 3
    assert str(year.collective_amount) == "0.00"
    assert (year.planned_collective_minutes, year.collective_minutes) == (0, 0)
    assert year.judgement.light is Light.NONE
    assert year.bridge == NO_BRIDGE
    assert year.expected_amount is None


def test_the_judgement_is_of_the_forecast_against_the_plan() -> None:
    year = realise(INPUTS)
    assert year.judgement.deviation == Ratio(600, 6_000)
    assert year.judgement.light is Light.AMBER


def test_the_bridge_adds_up_the_products() -> None:
    bridge = realise(INPUTS).bridge
    assert bridge.planned == 9_000
    assert bridge.actual == 5_500


def test_a_forecast_by_days_and_by_season() -> None:
    year = realise(INPUTS)
    assert (year.linear, year.seasonal, year.expected) == (6_600, None, 6_600)
    assert year.expected_amount == Decimal("11000.00")
    seasonal = realise(replace(INPUTS, progress=replace(HALF, seasonal=Fraction(3, 4))))
    assert (seasonal.linear, seasonal.seasonal, seasonal.expected) == (6_600, 4_400, 4_400)
    assert seasonal.expected_amount == Decimal("7333.33")
    early = realise(replace(INPUTS, progress=replace(HALF, seasonal=Fraction(0))))
    assert (early.linear, early.seasonal, early.expected) == (6_600, None, 6_600)
    assert early.judgement == year.judgement

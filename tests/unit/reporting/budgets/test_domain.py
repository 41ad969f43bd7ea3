"""A budget holds together, line by line, until its year is settled."""

from decimal import Decimal

import pytest

from services.reporting.budgets.domain import (
    BudgetInForce,
    PlannedLine,
    PlannedProduct,
    check_lines,
    require_unsettled,
)
from shared.errors import Conflict, InvalidParam
from tests.support.refusals import not_allowed, wrong_field

GOOD = PlannedProduct("T10-01", 10, 600, Decimal("950.00"))
UNKNOWN = "Kies een product dat per deelnemer of collectief telt."
HOURS = "Begroot ook de uren bij dit bedrag."


def test_a_budget_that_holds_together() -> None:
    bare = PlannedProduct("K10-01", 0, 0, Decimal(0))
    check_lines([GOOD, bare], {"T10-01", "K10-01"})


def test_a_product_stands_in_a_budget_once() -> None:
    with wrong_field("lines", "dubbel", "Zet elk product een keer in de begroting."):
        check_lines([GOOD, GOOD], {"T10-01"})


def test_every_wrong_field_of_every_line_is_named() -> None:
    lines = [
        GOOD,
        PlannedProduct("X99-99", 1, 60, Decimal(95)),
        PlannedProduct("K10-01", 1, 0, Decimal("0.01")),
    ]
    with pytest.raises(Conflict) as refused:
        check_lines(lines, {"T10-01", "K10-01"})
    assert refused.value.detail == "De begroting klopt niet."
    assert refused.value.params == (
        InvalidParam("lines.1.product", "onbekend", UNKNOWN),
        InvalidParam("lines.2.minutes", "verplicht", HOURS),
    )


def test_a_settled_year_is_planned_no_more() -> None:
    require_unsettled(2026, settled=False)
    with not_allowed("Het jaar 2025 is al verrekend", "jaarafsluiting"):
        require_unsettled(2025, settled=True)


def test_own_and_collective_lines_stand_apart() -> None:
    own = PlannedLine("T10-01", 10, 600, Decimal("950.00"))
    shared = PlannedLine("R10-01", 0, 60, Decimal("95.00"), collective=True)
    budget = BudgetInForce("b", 1, "AB", Decimal(0), (own, shared))
    assert (budget.own, budget.own_minutes) == ((own,), 600)
    assert (budget.collective_minutes, budget.collective_amount) == (60, Decimal("95.00"))
    assert str(BudgetInForce("b", 1, "AB", Decimal(0), ()).collective_amount) == "0.00"

"""Mandates (Awb 10:1, 10:3, 10:6): who decides in the name of whom, up to what."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.measures.domain.imposing import impose
from services.enforcement.measures.domain.measure import (
    DECISIONS,
)
from services.enforcement.policy.domain.mandate import (
    Check,
    Decision,
    Mandate,
    check,
    require_period,
    taken_over,
)
from shared.contracts.enforcement import Instrument
from tests.unit.enforcement.cases import (
    TODAY,
    a_mandate,
    chosen,
    imposing,
    refused,
    wrong,
)

URGENT = imposing(urgency_reason="Acuut gevaar.")


def asked(**changes: Any) -> Decision:
    functions = frozenset({"jurist"})
    usual = Decision("gm0153", Instrument.PENALTY_ORDER, Decimal(5000), TODAY, functions)
    return replace(usual, **changes)


def test_a_mandate_that_fits_allows_and_names_the_organ() -> None:
    found = check([a_mandate()], asked())
    assert found.allowed
    assert "Enschede" in found.reason
    assert found.record(TODAY)["artikel"] == "Awb 5:32"


@pytest.mark.parametrize(
    ("mandate", "decision", "reason"),
    [
        (a_mandate(), asked(participant="gm0164"), "Geen mandaat"),
        (a_mandate(), asked(participant=None), "Geen mandaat"),
        (a_mandate(), asked(instrument=Instrument.FINE), "Geen mandaat"),
        (a_mandate(), asked(functions=frozenset({"planner"})), "Geen mandaat"),
        (a_mandate(valid_from=TODAY + timedelta(days=1)), asked(), "geldt niet"),
        (a_mandate(valid_until=TODAY - timedelta(days=1)), asked(), "geldt niet"),
        (a_mandate(exclusion="politiek gevoelig"), asked(), "politiek gevoelig"),
        (a_mandate(maximum=Decimal("4999.99")), asked(), "€\N{NO-BREAK SPACE}4.999,99"),
    ],
)
def test_every_limit_of_a_mandate_refuses(
    mandate: Mandate, decision: Decision, reason: str
) -> None:
    found = check([mandate], decision)
    assert not found.allowed
    assert reason in found.reason
    with refused("Awb 10:1"):
        impose(chosen(), URGENT, found, (), TODAY)


def test_its_limits_are_part_of_it() -> None:
    exact = a_mandate(valid_from=TODAY, valid_until=TODAY, maximum=Decimal(5000))
    assert check([exact], asked()).allowed


def test_a_later_row_that_fits_is_found() -> None:
    assert check([a_mandate(exclusion="nee"), a_mandate()], asked()).allowed


def test_where_the_organ_wants_to_be_consulted_it_is() -> None:
    found = check([a_mandate(consult_first=True)], asked())
    with refused("Awb 10:6"):
        impose(chosen(), URGENT, found, (), TODAY)
    assert impose(chosen(), replace(URGENT, consulted="Wethouder."), found, (), TODAY)


@given(st.sampled_from(sorted(DECISIONS)))
def test_no_decision_without_a_mandate(instrument: Instrument) -> None:
    measure = replace(chosen(), instrument=instrument)
    with refused("Awb 10:1"):
        impose(measure, URGENT, Check(allowed=False, reason="geen"), (), TODAY)


def test_what_was_checked_is_kept_with_the_decision() -> None:
    found = check([a_mandate(confirmed=True)], asked())
    kept = found.record(TODAY)
    assert kept["toegestaan"] is True
    assert kept["getoetstOp"] == TODAY.isoformat()
    assert kept["orgaan"] == "college van burgemeester en wethouders van Enschede"
    assert (kept["functie"], kept["artikel"]) == ("jurist", "Awb 5:32")
    assert kept["vastgesteld"] is True
    none = check([], asked()).record(TODAY)
    assert (none["toegestaan"], none["mandaatId"], none["vastgesteld"]) == (False, None, False)


def test_a_decision_of_another_system_was_taken_under_the_mandate_of_then() -> None:
    found = taken_over("Squit")
    assert (found.allowed, found.mandate, found.consult_first) == (True, None, False)
    assert "Squit" in found.reason


def test_a_mandate_does_not_end_before_it_starts() -> None:
    start = date(2026, 1, 1)
    require_period(a_mandate(valid_from=start, valid_until=start))
    require_period(a_mandate(valid_from=start))
    with wrong("valid_until"):
        require_period(a_mandate(valid_from=start, valid_until=date(2025, 12, 31)))


@given(
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.none() | st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
)
def test_a_mandate_holds_on_its_first_and_last_day_and_between(
    first: date, last: date | None, on: date
) -> None:
    mandate = a_mandate(valid_from=first, valid_until=last)
    assert mandate.valid_on(on) == (first <= on <= (last or date.max))


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_an_amount_up_to_the_limit_is_covered(limit: Decimal, amount: Decimal) -> None:
    found = check([a_mandate(maximum=limit)], asked(amount=amount))
    assert found.allowed == (amount <= limit)

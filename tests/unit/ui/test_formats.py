"""Figures and moments as the Dutch write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.ui import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, None, "1.234,5"),
        (Decimal("-0.005"), 2, "−0,01"),
        ("2.345", 2, "2,35"),
        (1_000_000, None, "1.000.000"),
        (0, 1, "0,0"),
        (None, 2, "–"),
    ],
)
def test_numbers(value: formats.Number | None, decimals: int | None, text: str) -> None:
    assert formats.getal(value, decimals) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1_000, "1.000"), (1_001, "meer dan 1.000")])
def test_a_count_that_ended_says_so(count: int, text: str) -> None:
    assert formats.geteld(count) == text


def test_money_has_a_real_minus_and_does_not_break() -> None:
    assert formats.euro(Decimal("-1234.5")) == "€\N{NO-BREAK SPACE}−1.234,50"
    assert formats.euro(None) == "–"


@pytest.mark.parametrize(
    ("minutes", "text"), [(450, "7:30"), (0, "0:00"), (-75, "−1:15"), (60_005, "1.000:05")]
)
def test_hours(minutes: int, text: str) -> None:
    assert formats.uren(minutes) == text


def test_moments_are_on_the_dutch_clock() -> None:
    winter = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert formats.tijdstip(winter) == "wo 25 nov 2026 00:30"
    assert formats.datum(winter) == "25 november 2026"
    assert formats.tijd("2026-07-01T10:00:00+00:00") == "12:00"


def test_dates_are_read_from_wire_text_too() -> None:
    assert formats.datum_kort("2026-03-01") == "zo 1 mrt 2026"
    assert formats.datum(date(2026, 3, 1)) == "1 maart 2026"
    assert formats.iso(date(2026, 3, 1)) == "2026-03-01"


def test_what_is_not_there_is_a_dash() -> None:
    nothing = (formats.datum, formats.datum_kort, formats.tijd, formats.tijdstip)
    assert {each(None) for each in nothing} == {"–"}
    assert formats.uren(None) == "–"
    assert formats.iso(None) == ""


def test_counts() -> None:
    assert formats.aantal(1, "klacht", "klachten") == "1 klacht"
    assert formats.aantal(1200, "klacht", "klachten") == "1.200 klachten"

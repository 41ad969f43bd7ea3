"""What people type, as the wire has it."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.ui import typed


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (typed.day, "24-11-2026", "2026-11-24"),
        (typed.day, "2026-11-24", "2026-11-24"),
        (typed.day, "4/1/2026", "2026-01-04"),
        (typed.instant, "24-11-2026 14:30", "2026-11-24T14:30:00+01:00"),
        (typed.instant, "2026-07-01T9:05", "2026-07-01T09:05:00+02:00"),
        (typed.instant, "2026-07-01T09:05:00Z", "2026-07-01T09:05:00+00:00"),
        (typed.whole, "1.250", 1250),
        (typed.whole, "-3", -3),
        (typed.decimal, "€ 1.234,5", "1234.50"),
        (typed.decimal, "1234.50", "1234.50"),
        (typed.decimal, "1.234", "1234.00"),
        (typed.decimal, "95,0625", "95.0625"),
        (typed.decimal, "−12", "-12.00"),
        (typed.decimal, "0,05", "0.05"),
        (typed.decimal, "-1.000.000,99", "-1000000.99"),
        (typed.decimal, "-0", "0.00"),
        (typed.decimal, "-0,001", "-0.001"),
        (typed.number, "52,28", 52.28),
        (typed.number, "6.7251234567", 6.7251234567),
        (typed.minutes, "7:30", 450),
        (typed.minutes, "7u30", 450),
        (typed.minutes, "7,5", 450),
        (typed.minutes, "8", 480),
        (typed.flag, "ja", True),
        (typed.flag, "nee", False),
    ],
)
def test_it_is_read(parse: Callable[[str], Any], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (typed.day, "31-02-2026"),
        (typed.day, "morgen"),
        (typed.day, "٢٤-11-2026"),
        (typed.instant, "24-11-2026"),
        (typed.instant, "24-11-2026 25:00"),
        (typed.instant, "morgen om acht"),
        (typed.whole, "1.5"),
        (typed.whole, "12a"),
        (typed.decimal, "1,2,3"),
        (typed.decimal, "1,234.50"),
        (typed.decimal, "2.50.0"),
        (typed.decimal, "1.23.456"),
        (typed.decimal, "٣"),
        (typed.decimal, "veel"),
        (typed.number, "noord"),
        (typed.minutes, "7:60"),
        (typed.minutes, "-1"),
        (typed.flag, "misschien"),
    ],
)
def test_what_it_cannot_be_is_said_in_a_sentence(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"^(Vul|Kies) .*\.$"):
        parse(text)


@pytest.mark.parametrize("text", ["6.894", "6,894", " 6.894 "])
def test_degrees_have_no_thousands(text: str) -> None:
    assert typed.coordinate(text) == 6.894


@pytest.mark.parametrize("text", ["6.894.000", "noord", "1234.5", "", "1e3"])
def test_what_is_no_number_of_degrees_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plaats"):
        typed.coordinate(text)


@pytest.mark.parametrize("text", ["-0", "-0,0", "-0.0"])
def test_zero_has_no_sign(text: str) -> None:
    assert str(typed.number(text)) == "0.0"

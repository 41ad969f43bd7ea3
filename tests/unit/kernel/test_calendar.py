"""Working days and legal terms: the Algemene termijnenwet over the years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    add_working_days,
    easter,
    holidays,
    is_working_day,
    kings_day,
    legal_day,
    working_days_between,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 1))


@pytest.mark.parametrize(
    "day",
    [date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter_as_the_almanac_has_it(day: date) -> None:
    assert easter(day.year) == day


def test_kings_day_moves_to_saturday_when_it_is_a_sunday() -> None:
    assert kings_day(2025) == date(2025, 4, 26)
    assert kings_day(2026) == date(2026, 4, 27)


def test_the_holidays_of_a_year() -> None:
    assert {day: name for day, name in holidays(2026).items() if day.month in {4, 5}} == {
        date(2026, 4, 3): "Goede Vrijdag",
        date(2026, 4, 6): "Tweede Paasdag",
        date(2026, 4, 27): "Koningsdag",
        date(2026, 5, 5): "Bevrijdingsdag",
        date(2026, 5, 14): "Hemelvaartsdag",
        date(2026, 5, 25): "Tweede Pinksterdag",
    }


@pytest.mark.parametrize(
    ("end", "moved"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2026, 4, 3), date(2026, 4, 7)),
    ],
)
def test_a_term_that_ends_on_a_free_day_ends_on_the_next_working_day(
    end: date, moved: date
) -> None:
    assert legal_day(end) == moved


def test_working_days_skip_weekend_and_holidays() -> None:
    assert add_working_days(date(2026, 12, 23), 3) == date(2026, 12, 29)
    assert add_working_days(date(2026, 11, 24), 0) == date(2026, 11, 24)


@given(DAYS)
def test_a_legal_day_is_a_working_day_and_never_earlier(day: date) -> None:
    moved = legal_day(day)
    assert is_working_day(moved)
    assert day <= moved <= day + timedelta(days=5)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    assert working_days_between(day, add_working_days(day, count)) == count


@given(DAYS, st.integers(1, 90))
def test_counting_backwards_is_negative(day: date, span: int) -> None:
    later = day + timedelta(days=span)
    assert working_days_between(later, day) == -working_days_between(day, later)

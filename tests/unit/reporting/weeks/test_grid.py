"""The grid of a week: how people write time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.presentation import clock
from services.reporting.weeks import grid


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7:30", 450),
        ("07:30", 450),
        ("7,5", 450),
        ("7.25", 435),
        ("0,75", 45),
        ("8", 480),
        ("0:15", 15),
        ("7:60", None),
        ("zeven", None),
        ("-1", None),
        ("1e3", None),
        ("٧", None),
    ],
)
def test_time_as_it_is_typed(text: str, minutes: int | None) -> None:
    assert grid.minutes_in(text) == minutes


@given(st.integers(1, 24 * 60))
def test_what_is_shown_reads_back(minutes: int) -> None:
    assert grid.minutes_in(clock(minutes)) == minutes

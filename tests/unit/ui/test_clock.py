"""Terms in words: over working days, never by colour alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.ui.clock import ClockView, clock_view

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # Tuesday


@pytest.mark.parametrize(
    ("due", "state", "text"),
    [
        (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), "soon", "nog 2 werkdagen (do 26 nov 17:00)"),
        (date(2026, 12, 1), "running", "nog 5 werkdagen (di 1 dec 2026)"),
        (date(2026, 11, 25), "soon", "nog 1 werkdag (wo 25 nov 2026)"),
        (date(2026, 11, 24), "soon", "vandaag (di 24 nov 2026)"),
        (date(2026, 11, 20), "overdue", "2 werkdagen te laat (vr 20 nov 2026)"),
        (NOW + timedelta(hours=3, minutes=10), "soon", "nog 3 uur (di 24 nov 18:10)"),
        (NOW - timedelta(minutes=20), "overdue", "20 min te laat (di 24 nov 14:40)"),
    ],
)
def test_running(due: date | datetime, state: str, text: str) -> None:
    view = clock_view(due, NOW)
    assert (view.state, view.text) == (state, text)


def test_a_paused_clock_says_why() -> None:
    view = clock_view(date(2026, 11, 20), NOW, paused="wacht op aanvulling")
    assert view == ClockView("paused", "staat stil: wacht op aanvulling", "2026-11-20")


def test_done_tells_whether_it_was_in_time() -> None:
    due = date(2026, 11, 20)
    assert clock_view(due, NOW, done=due).text == "op tijd afgerond (vr 20 nov 2026)"
    late = clock_view(due, NOW, done=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert late.text == "te laat afgerond (ma 23 nov 10:00)"


def test_a_moment_decides_by_its_dutch_day() -> None:
    in_time = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    too_late = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    assert clock_view(date(2026, 11, 20), NOW, done=in_time).text.startswith("op tijd")
    assert clock_view(date(2026, 11, 20), NOW, done=too_late).text.startswith("te laat")


def test_a_passed_moment_on_the_day_itself_is_late() -> None:
    now = datetime(2026, 11, 26, 16, 1, tzinfo=UTC)
    assert clock_view(datetime(2026, 11, 26, 16, 0, tzinfo=UTC), now).state == "overdue"


def test_a_passed_moment_in_the_weekend_is_late() -> None:
    saturday = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    sunday = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
    view = clock_view(saturday, sunday)
    assert (view.state, view.text) == ("overdue", "1 dag te laat (za 28 nov 10:00)")


def test_a_weekend_ahead_is_not_today() -> None:
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert clock_view(date(2026, 11, 29), friday).text == "nog 2 dagen (zo 29 nov 2026)"

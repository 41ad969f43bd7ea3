"""A month closes in its turn; what was closed is corrected by a line and its reversal."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.reporting.periods import domain as periods
from services.reporting.periods.domain import TRANSITIONS, PeriodState
from services.reporting.weeks.domain import Line, LineState, Rules
from tests.support.refusals import not_allowed, refused, wrong_field

TODAY = date(2026, 11, 27)
CLOSED_UNTIL = date(2026, 9, 30)
RULES = Rules(step=15, closed_until=CLOSED_UNTIL)
BACK, AGAIN = UUID(int=1), UUID(int=2)
LINE = Line(UUID(int=9), date(2026, 9, 7), date(2026, 9, 7), 90, "T10-01", participant="gm0153")


def corrected(line: Line, minutes: int, state: LineState = LineState.CLOSED) -> list[Line]:
    return periods.correction(line, state, minutes, RULES, TODAY, (BACK, AGAIN))


def test_a_correction_is_the_line_taken_back_and_booked_anew() -> None:
    back = replace(LINE, id=BACK, minutes=-90, booked_on=TODAY, corrects=LINE.id)
    assert corrected(LINE, 45) == [back, replace(back, id=AGAIN, minutes=45)]
    assert corrected(LINE, 0, LineState.SETTLED) == [back]


def test_a_corrected_line_is_corrected_again_but_a_reversal_is_not() -> None:
    again = replace(LINE, corrects=UUID(int=8))
    assert corrected(again, 15)[1].minutes == 15
    assert corrected(replace(again, minutes=0), 15)[0].minutes == 0
    with not_allowed("Een tegenboeking wordt niet gecorrigeerd", "maandafsluiting"):
        corrected(replace(again, minutes=-90), 45)


def test_what_is_not_closed_is_changed_in_the_week_sheet() -> None:
    sentence = "Een regel die goedgekeurd is wordt in de weekstaat zelf veranderd"
    with not_allowed(sentence, "maandafsluiting"):
        corrected(LINE, 45, LineState.APPROVED)


def test_what_was_taken_back_is_not_corrected() -> None:
    with not_allowed("Deze regel is al teruggenomen", "maandafsluiting"):
        corrected(LINE, 45, LineState.TAKEN_BACK)


@pytest.mark.parametrize("minutes", [-15, 20, 90])
def test_a_correction_is_whole_steps_and_another_figure(minutes: int) -> None:
    reason = "Vul hele stappen van 15 minuten in, anders dan nu."
    with wrong_field("minutes", "stap", reason):
        corrected(LINE, minutes)


@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)])
def test_a_month_that_runs_does_not_close(month: date) -> None:
    with not_allowed("Deze maand is nog niet voorbij", "maandafsluiting"):
        periods.require_closable(month, TODAY, {})


def test_a_month_closes_when_all_its_hours_are_approved() -> None:
    periods.require_closable(date(2026, 10, 1), TODAY, {"open": 0})
    periods.require_closable(date(2025, 12, 1), TODAY, {})
    sentence = (
        "Er zijn nog urenregels in deze maand die niet zijn goedgekeurd (2 ingediend, 1 open)"
    )
    with not_allowed(sentence, "maandafsluiting"):
        unapproved = {"open": 1, "ingediend": 2, "afgewezen": 0}
        periods.require_closable(date(2026, 10, 1), TODAY, unapproved)


def test_months_close_in_their_order() -> None:
    periods.require_next(date(2026, 10, 1), CLOSED_UNTIL)
    periods.require_next(date(2020, 1, 1), None)
    with refused("Deze maand is al afgesloten; gesloten is tot en met 30-09-2026."):
        periods.require_next(date(2026, 9, 1), CLOSED_UNTIL)
    with not_allowed("Sluit eerst de maand na 30-09-2026 af", "maandafsluiting"):
        periods.require_next(date(2026, 11, 1), CLOSED_UNTIL)


def test_a_month_closes_once_and_stays_closed() -> None:
    assert set(TRANSITIONS.edges) == {(PeriodState.OPEN, PeriodState.CLOSED)}


def test_the_months_of_days_by_their_first_day() -> None:
    days = [date(2026, 2, 3), date(2026, 1, 31), date(2026, 2, 1)]
    assert periods.months_of(days) == [date(2026, 1, 1), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (date(2023, 2, 1), date(2023, 2, 28)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_a_month(month: date, last: date) -> None:
    assert periods.last_day(month) == last

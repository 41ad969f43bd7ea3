"""A week sheet: its states, the rules of its lines, and corrections after the close."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.reporting.periods import domain as periods
from services.reporting.weeks import domain as hours
from services.reporting.weeks.domain import (
    TRANSITIONS,
    Line,
    LineState,
    ProductKind,
    Rules,
    Sheet,
    State,
)
from shared.errors import Conflict, Forbidden, NotAllowed

ME, OTHER = uuid4(), uuid4()
NOW = datetime(2026, 11, 27, 15, 50, tzinfo=UTC)
TODAY = NOW.date()
RULES = Rules(step=15, closed_until=date(2026, 10, 31))


def a_sheet(state: State = State.OPEN, **facts: Any) -> Sheet:
    sheet = Sheet(uuid4(), ME, date(2026, 11, 23), state, version=3, minutes=480)
    return replace(sheet, **facts)


def a_line(**facts: Any) -> Line:
    day = facts.pop("day", date(2026, 11, 24))
    line = Line(uuid4(), day, day, 60, "T10-01", participant="gm0153")
    return replace(line, **facts)


def codes(refused: pytest.ExceptionInfo[Conflict]) -> list[tuple[str, str]]:
    return [(param.name, param.code) for param in refused.value.params]


def test_a_week_goes_one_way() -> None:
    assert [to for to, _ in TRANSITIONS.next(State.OPEN)] == [State.SUBMITTED]
    assert {to for to, _ in TRANSITIONS.next(State.SUBMITTED)} == {State.APPROVED, State.OPEN}
    assert TRANSITIONS.next(State.SETTLED) == []


def test_handing_in_tells_the_minutes_of_the_week() -> None:
    sheet, event = hours.submit(a_sheet(), ME, 1, NOW)
    assert (sheet.state, sheet.version) == (State.SUBMITTED, 4)
    assert (event.week, event.minutes, event.version) == ("2026-W48", 480, 4)


def test_only_the_own_week_is_handed_in_and_not_empty() -> None:
    with pytest.raises(Forbidden):
        hours.submit(a_sheet(), OTHER, 1, NOW)
    with pytest.raises(NotAllowed, match="geen uren"):
        hours.submit(a_sheet(minutes=0), ME, 0, NOW)
    with pytest.raises(NotAllowed):
        hours.submit(a_sheet(State.APPROVED), ME, 1, NOW)


def test_nobody_judges_the_own_week() -> None:
    waiting = a_sheet(State.SUBMITTED)
    with pytest.raises(Forbidden, match="eigen uren"):
        hours.approve(waiting, ME, NOW)
    with pytest.raises(Forbidden, match="eigen uren"):
        hours.reject(waiting, ME, "Nee")
    assert hours.approve(waiting, OTHER, NOW)[0].state is State.APPROVED


def test_a_rejection_has_a_reason() -> None:
    with pytest.raises(Conflict):
        hours.reject(a_sheet(State.SUBMITTED), OTHER, "  ")
    back = hours.reject(a_sheet(State.SUBMITTED), OTHER, " Zaak ontbreekt ")
    assert (back.state, back.rejection) == (State.OPEN, "Zaak ontbreekt")
    assert hours.submit(back, ME, 1, NOW)[0].rejection is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (a_line(day=date(2026, 11, 30)), ("lines.0.work_date", "buiten_week")),
        (a_line(minutes=50), ("lines.0.minutes", "stap")),
        (a_line(minutes=-60), ("lines.0.minutes", "stap")),
        (a_line(participant=None), ("lines.0.participant", "verplicht")),
        (a_line(kind=ProductKind.INDIRECT), ("lines.0.participant", "niet_van_toepassing")),
        (a_line(kind=ProductKind.COLLECTIVE), ("lines.0.participant", "niet_van_toepassing")),
    ],
)
def test_a_wrong_line_is_named(line: Line, fault: tuple[str, str]) -> None:
    with pytest.raises(Conflict) as refused:
        hours.check_lines(a_sheet(), [line], RULES, TODAY)
    assert codes(refused) == [fault]


def test_a_closed_day_and_a_future_week_are_refused() -> None:
    old = a_sheet(starts_on=date(2026, 10, 26))
    lines = [a_line(day=date(2026, 10, 30)), a_line(day=date(2026, 11, 1))]
    with pytest.raises(Conflict) as refused:
        hours.check_lines(old, lines, RULES, TODAY)
    assert codes(refused) == [("lines.0.work_date", "maand_gesloten")]
    next_week = a_sheet(starts_on=date(2026, 11, 30))
    with pytest.raises(Conflict) as refused:
        hours.check_lines(next_week, [a_line(day=date(2026, 11, 30))], RULES, TODAY)
    assert codes(refused) == [("lines.0.work_date", "in_toekomst")]


def test_a_day_has_twenty_four_hours() -> None:
    hours.check_lines(a_sheet(), [a_line(minutes=720), a_line(minutes=720)], RULES, TODAY)
    with pytest.raises(Conflict) as refused:
        hours.check_lines(a_sheet(), [a_line(minutes=720), a_line(minutes=735)], RULES, TODAY)
    assert codes(refused) == [("lines", "dag_vol")]


def corrected(line: Line, minutes: int, state: LineState = LineState.CLOSED) -> list[Line]:
    return periods.correction(line, state, minutes, RULES, TODAY, (uuid4(), uuid4()))


def test_what_stays_the_same_is_left_and_the_rest_is_taken_back_or_new() -> None:
    one, same, gone = a_line(), a_line(), a_line(minutes=90)
    wanted = [a_line(), a_line(minutes=30), a_line()]
    assert hours.changes([one, same, gone], wanted) == ([gone], [wanted[1]])
    assert hours.changes([one, same], [a_line()])[0] == [one]
    assert hours.changes([], wanted) == ([], wanted)
    assert hours.changes([one], []) == ([one], [])


@pytest.mark.parametrize(
    "other",
    [
        {"day": date(2026, 11, 25)},
        {"minutes": 75},
        {"product": "T10-04"},
        {"participant": "gm0164"},
        {"case_id": uuid4()},
        {"activity": "reistijd"},
    ],
)
def test_a_line_that_says_anything_else_is_another(other: dict[str, Any]) -> None:
    stands, wanted = a_line(), a_line(**other)
    assert hours.changes([stands], [wanted]) == ([stands], [wanted])


def test_a_correction_reverses_and_books_anew_today() -> None:
    line = a_line(day=date(2026, 10, 5), minutes=90)
    back, again = corrected(line, 45)
    assert (back.minutes, again.minutes) == (-90, 45)
    for each in (back, again):
        assert (each.work_date, each.booked_on) == (date(2026, 10, 5), TODAY)
        assert each.corrects == line.id
    assert [each.minutes for each in corrected(line, 0)] == [-90]


def test_only_what_is_closed_is_corrected() -> None:
    line = a_line(minutes=90)
    with pytest.raises(NotAllowed, match="in de weekstaat"):
        corrected(line, 45, LineState.APPROVED)
    with pytest.raises(NotAllowed, match="tegenboeking"):
        corrected(replace(line, minutes=-90, corrects=uuid4()), 45)
    for minutes in (90, 50):
        with pytest.raises(Conflict):
            corrected(line, minutes)


def test_a_month_closes_when_it_is_over_and_approved() -> None:
    with pytest.raises(NotAllowed, match="niet voorbij"):
        periods.require_closable(date(2026, 11, 1), TODAY, {})
    with pytest.raises(NotAllowed, match="2 ingediend, 1 open"):
        periods.require_closable(date(2026, 10, 1), TODAY, {"open": 1, "ingediend": 2})
    periods.require_closable(date(2026, 10, 1), TODAY, {"open": 0})


def test_weeks_by_their_iso_name() -> None:
    assert hours.week_of(date(2027, 1, 1)) == "2026-W53"
    assert hours.monday_of("2026-W53") == date(2026, 12, 28)
    with pytest.raises(Conflict):
        hours.monday_of("2025-W53")


def test_a_sheet_is_the_same_whoever_makes_it() -> None:
    monday = date(2026, 11, 23)
    assert hours.sheet_id(ME, monday) == hours.sheet_id(UUID(str(ME)), monday)
    assert hours.sheet_id(ME, monday) != hours.sheet_id(ME, monday + timedelta(days=7))

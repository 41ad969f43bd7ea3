"""What a week sheet refuses, in which words, and the last values that it takes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.reporting.weeks import domain as hours
from services.reporting.weeks.domain import TRANSITIONS, Line, ProductKind, Rules, Sheet, State
from shared.errors import Conflict, Forbidden, InvalidParam
from tests.support.refusals import not_allowed, refused, wrong_field

ME, OTHER, SHEET = UUID(int=1), UUID(int=2), UUID(int=3)
NOW = datetime(2026, 11, 27, 15, 50, tzinfo=UTC)
TODAY = NOW.date()
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
RULES = Rules(step=15, closed_until=None)


def a_sheet(state: State = State.OPEN) -> Sheet:
    return Sheet(SHEET, ME, MONDAY, state, version=3, minutes=480)


def a_line(day: date = MONDAY, **facts: Any) -> Line:
    line = Line(UUID(int=7), day, day, 60, "T10-01", participant="gm0153")
    return replace(line, **facts)


def check(*lines: Line, sheet: Sheet | None = None, rules: Rules = RULES) -> None:
    hours.check_lines(sheet or a_sheet(), lines, rules, TODAY)


def test_the_edges_of_a_week_sheet() -> None:
    assert set(TRANSITIONS.edges) == {
        (State.OPEN, State.SUBMITTED),
        (State.SUBMITTED, State.APPROVED),
        (State.SUBMITTED, State.OPEN),
        (State.APPROVED, State.CLOSED),
        (State.CLOSED, State.SETTLED),
    }


@pytest.mark.parametrize(
    ("line", "field", "code", "reason"),
    [
        (a_line(date(2026, 11, 22)), "work_date", "buiten_week", "Kies een dag in week 2026-W48."),
        (
            a_line(minutes=0),
            "minutes",
            "stap",
            "Vul hele stappen van 15 minuten in, meer dan 0.",
        ),
        (
            a_line(participant=None),
            "participant",
            "verplicht",
            "Kies een deelnemer, of een zaak die er een heeft.",
        ),
        (
            a_line(kind=ProductKind.COLLECTIVE),
            "participant",
            "niet_van_toepassing",
            "Dit product wordt niet per deelnemer geboekt.",
        ),
    ],
)
def test_a_wrong_field_of_a_line_and_what_to_do_about_it(
    line: Line, field: str, code: str, reason: str
) -> None:
    with pytest.raises(Conflict) as caught:
        check(line)
    assert caught.value.params == (InvalidParam(f"lines.0.{field}", code, reason),)
    assert caught.value.detail == "1 veld is niet goed."


def test_wrong_fields_are_counted() -> None:
    with pytest.raises(Conflict) as caught:
        check(a_line(), a_line(minutes=7, participant=None))
    assert caught.value.detail == "2 velden zijn niet goed."
    assert [param.name for param in caught.value.params] == [
        "lines.1.minutes",
        "lines.1.participant",
    ]


def test_the_last_day_of_this_week_is_not_too_late() -> None:
    check(a_line(SUNDAY))
    following = replace(a_sheet(), starts_on=date(2026, 11, 30))
    with pytest.raises(Conflict) as caught:
        check(a_line(date(2026, 11, 30)), sheet=following)
    reason = "Kies een dag die niet na deze week ligt."
    assert caught.value.params == (InvalidParam("lines.0.work_date", "in_toekomst", reason),)


def test_a_closed_month_takes_no_lines_up_to_its_last_day() -> None:
    closed = Rules(step=15, closed_until=date(2026, 11, 24))
    check(a_line(date(2026, 11, 25)), rules=closed)
    with pytest.raises(Conflict) as caught:
        check(a_line(date(2026, 11, 24)), rules=closed)
    reason = "Deze maand is afgesloten; maak een correctie."
    assert caught.value.params == (InvalidParam("lines.0.work_date", "maand_gesloten", reason),)


def test_a_step_of_a_minute_takes_a_minute() -> None:
    by_minute = Rules(step=1, closed_until=None)
    check(a_line(minutes=1), rules=by_minute)
    with pytest.raises(Conflict) as caught:
        check(a_line(minutes=0), rules=by_minute)
    reason = "Vul hele minuten in, meer dan 0."
    assert caught.value.params == (InvalidParam("lines.0.minutes", "stap", reason),)
    with pytest.raises(Conflict, match="1 veld") as caught:
        check(a_line(minutes=3), rules=Rules(step=2, closed_until=None))
    assert caught.value.params[0].reason == "Vul hele stappen van 2 minuten in, meer dan 0."


def test_a_full_day_is_named() -> None:
    with pytest.raises(Conflict) as caught:
        check(a_line(minutes=900), a_line(minutes=900), a_line(SUNDAY, minutes=900))
    reason = "Op 23-11-2026 staan meer dan 24 uur."
    assert caught.value.params == (InvalidParam("lines", "dag_vol", reason),)


def test_a_week_that_does_not_exist() -> None:
    for week in ("2025-W53", "week 3", "2026-W1-W2"):
        with wrong_field("week", "onbekend", "Vul een bestaande week in, als 2026-W48."):
            hours.monday_of(week)


def test_a_submitted_week_changes_no_more() -> None:
    hours.require_editable(a_sheet())
    sentence = "Deze weekstaat is ingediend en kan niet meer veranderen"
    with not_allowed(sentence, "urenreglement"):
        hours.require_editable(a_sheet(State.SUBMITTED))


def test_the_week_of_somebody_else() -> None:
    with refused("Dit is de weekstaat van iemand anders.", Forbidden):
        hours.submit(a_sheet(), OTHER, 1, NOW)
    with refused("Niemand keurt de eigen uren goed of af.", Forbidden):
        hours.approve(a_sheet(State.SUBMITTED), ME, NOW)
    with refused("Niemand keurt de eigen uren goed of af.", Forbidden):
        hours.reject(a_sheet(State.SUBMITTED), ME, "Nee")


def test_an_empty_week_is_not_handed_in() -> None:
    with not_allowed("Er staan nog geen uren op deze weekstaat", "urenreglement"):
        hours.submit(a_sheet(), ME, 0, NOW)
    assert hours.submit(a_sheet(), ME, 1, NOW)[1].submitted_at == NOW


def test_an_approved_week_is_newer_and_told() -> None:
    waiting = a_sheet(State.SUBMITTED)
    done, event = hours.approve(waiting, OTHER, NOW)
    assert done == replace(waiting, state=State.APPROVED, version=4)
    assert event.model_dump() == {
        "version": 4,
        "participant": None,
        "week_id": SHEET,
        "employee": ME,
        "week": "2026-W48",
        "minutes": 480,
        "approved_at": NOW,
    }


def test_a_rejected_week_is_open_again_and_newer() -> None:
    with wrong_field("reason", "verplicht", "Schrijf op wat er anders moet."):
        hours.reject(a_sheet(State.SUBMITTED), OTHER, " ")
    back = hours.reject(a_sheet(State.SUBMITTED), OTHER, "Zaak ontbreekt")
    assert back == replace(a_sheet(), version=4, rejection="Zaak ontbreekt")


def test_a_pseudonym_is_of_the_account_and_stays_the_same() -> None:
    assert hours.pseudonym("toezicht") == UUID("4804b603-686f-5486-b90c-614e17e046a7")
    assert hours.pseudonym("toezicht") != hours.pseudonym("teamleider")

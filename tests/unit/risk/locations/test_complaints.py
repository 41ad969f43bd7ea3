"""A complaint that moved: its events come by two keys, so in any order, and end the same."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.risk.locations.domain.complaint import AboutComplaint, ComplaintState, merged
from services.risk.locations.domain.facts import months_before, months_between
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReopened,
    Outcome,
)
from shared.ids import new_id

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HERE, THERE = new_id(), new_id()
COMMON: dict[str, Any] = {
    "complaint_id": new_id(),
    "number": "K-2026-000001",
    "category": "geur",
    "received_at": NOW,
}


def linked(version: int, place: UUID) -> ComplaintLinked:
    return ComplaintLinked(**COMMON, version=version, location_id=place, incident_id=new_id())


def assessed(version: int, outcome: Outcome) -> ComplaintAssessed:
    return ComplaintAssessed(
        **COMMON, version=version, location_id=THERE, outcome=outcome, assessed_at=NOW
    )


EVENTS: tuple[AboutComplaint, ...] = (
    linked(2, HERE),
    linked(3, THERE),
    assessed(4, Outcome.UNJUSTIFIED),
    assessed(5, Outcome.JUSTIFIED),
    ComplaintClosed(**COMMON, version=6, location_id=THERE, closed_at=NOW, within_term=True),
)


def after(events: Iterable[AboutComplaint]) -> ComplaintState:
    state: ComplaintState | None = None
    for event in events:
        state = merged(state, event, IDS[event])
    assert state is not None
    return state


REOPENED: tuple[AboutComplaint, ...] = (
    linked(3, THERE),
    assessed(5, Outcome.JUSTIFIED),
    ComplaintClosed(**COMMON, version=6, location_id=THERE, closed_at=NOW, within_term=True),
    ComplaintReopened(**COMMON, version=7, location_id=THERE, reopened_at=NOW),
)
AGAIN = assessed(8, Outcome.UNJUSTIFIED)
IDS = {event: new_id() for event in (*EVENTS, *REOPENED, AGAIN)}


def test_any_order_ends_with_the_newest_of_everything() -> None:
    for order in permutations(EVENTS):
        state = after(order)
        assert (state.version, state.location_id) == (6, THERE)
        assert (state.outcome, state.closed_at) == (Outcome.JUSTIFIED, NOW)


def test_a_reopened_complaint_is_open_and_its_assessment_no_longer_holds_in_any_order() -> None:
    for order in permutations(REOPENED):
        state = after(order)
        assert (state.outcome, state.assessed_by, state.closed_at) == (None, None, None)


def test_it_counts_as_it_is_assessed_again() -> None:
    for order in permutations((*REOPENED, AGAIN)):
        state = after(order)
        assert (state.outcome, state.assessed_by) == (Outcome.UNJUSTIFIED, IDS[AGAIN])
        assert state.closed_at is None


def test_the_same_event_twice_changes_nothing() -> None:
    once = after(EVENTS[:1])
    assert merged(once, EVENTS[0], IDS[EVENTS[0]]) == once


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 240), st.integers(0, 8000))
def test_what_lies_after_the_day_so_many_months_before_is_younger(
    today: date, months: int, days: int
) -> None:
    day = today - timedelta(days=days)
    assert (day > months_before(today, months)) == (months_between(day, today) < months)

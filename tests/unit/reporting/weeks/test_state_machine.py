"""Random acts on a week sheet: it moves along its edges alone, and nobody judges the own hours."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.reporting.weeks import domain
from services.reporting.weeks.domain import TRANSITIONS, Sheet, State
from shared.errors import Conflict, Forbidden

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
EMPLOYEE, LEADER, STRANGER = uuid4(), uuid4(), uuid4()
PEOPLE = st.sampled_from([EMPLOYEE, LEADER, STRANGER])


class Weeks(RuleBasedStateMachine):
    """One sheet, and what was done to it."""

    @initialize()
    def open_week(self) -> None:
        monday = date(2026, 11, 23)
        self.sheet = Sheet(domain.sheet_id(EMPLOYEE, monday), EMPLOYEE, monday, State.OPEN, 1)
        self.seen = [self.sheet]

    def moved(self, done: Sheet) -> None:
        assert (self.sheet.state, done.state) in TRANSITIONS.edges
        assert done.version == self.sheet.version + 1
        self.sheet = done
        self.seen.append(done)

    @rule(who=PEOPLE, lines=st.integers(0, 3))
    def submit(self, who: UUID, lines: int) -> None:
        if who == EMPLOYEE and self.sheet.state is State.OPEN and lines:
            done, event = domain.submit(self.sheet, who, lines, NOW)
            assert (event.version, event.week) == (done.version, "2026-W48")
            assert done.rejection is None
            self.moved(done)
            return
        with pytest.raises((Forbidden, Conflict)):
            domain.submit(self.sheet, who, lines, NOW)

    @rule(who=PEOPLE)
    def approve(self, who: UUID) -> None:
        if who != EMPLOYEE and self.sheet.state is State.SUBMITTED:
            done, event = domain.approve(self.sheet, who, NOW)
            assert event.minutes == done.minutes
            self.moved(done)
            return
        with pytest.raises((Forbidden, Conflict)):
            domain.approve(self.sheet, who, NOW)

    @rule(who=PEOPLE, reason=st.sampled_from(["", "  ", "Verkeerd product"]))
    def reject(self, who: UUID, reason: str) -> None:
        if who != EMPLOYEE and self.sheet.state is State.SUBMITTED and reason.strip():
            done = domain.reject(self.sheet, who, reason)
            assert done.rejection == reason.strip()
            self.moved(done)
            return
        with pytest.raises((Forbidden, Conflict)):
            domain.reject(self.sheet, who, reason)

    @rule()
    def edit(self) -> None:
        if self.sheet.state is State.OPEN:
            domain.require_editable(self.sheet)
            return
        with pytest.raises(Conflict):
            domain.require_editable(self.sheet)

    @invariant()
    def the_sheet_stays_the_same_sheet(self) -> None:
        assert {(each.id, each.employee, each.starts_on) for each in self.seen} == {
            (self.sheet.id, EMPLOYEE, date(2026, 11, 23))
        }

    @invariant()
    def what_is_approved_stays_approved_until_its_month_closes(self) -> None:
        states = [each.state for each in self.seen]
        if State.APPROVED in states:
            assert set(states[states.index(State.APPROVED) :]) == {State.APPROVED}


Weeks.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestWeeks = Weeks.TestCase

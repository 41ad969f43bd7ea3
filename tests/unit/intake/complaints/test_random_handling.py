"""Random commands on the complaints of one incident: no forbidden state, and true counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import (
    FINISHED,
    OPEN,
    AnswerWay,
    Assessment,
    Complaint,
    State,
)
from services.intake.incidents import domain as incidents
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from shared.contracts.intake import Outcome
from shared.errors import NotAllowed, Refused
from tests.unit.intake.builders import (
    EDGES,
    LOCATION,
    NOW,
    OFFICER,
    TERMS,
    a_complaint,
    an_incident,
)

Act = Callable[[Complaint, datetime], Any]


class Handling(RuleBasedStateMachine):
    """What officers do, in any order, with what was reported about one place."""

    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.complaints: list[Complaint] = []
        self.incident: Incident | None = None

    def act(self, number: int, target: State | None, do: Act) -> None:
        """Do it, or be refused: then nothing changed. The state is the one that was meant."""
        before = self.complaints[number]
        self.now += timedelta(hours=1)
        try:
            made = do(before, self.now)
        except Refused as refusal:
            assert self.complaints[number] == before
            if isinstance(refusal, NotAllowed) and refusal.article == "toestandsovergang":
                assert (before.state, target) not in EDGES
            return
        after, events = (made[0], made[1:]) if isinstance(made, tuple) else (made, ())
        if target is not None:
            assert (before.state, target) in EDGES
            assert after.state is target
        else:
            assert after.state is before.state
        assert after.version == before.version + 1
        assert all(event.version == after.version for event in events)
        self.complaints[number] = after
        self.settle(after)

    def settle(self, changed: Complaint) -> None:
        if self.incident is not None and changed.incident_id == self.incident.id:
            self.incident = incidents.settled(self.incident, self.open_here(), self.now)

    def open_here(self) -> int:
        here = [each for each in self.complaints if each.incident_id is not None]
        return sum(each.open for each in here)

    @rule(target=numbers, reachable=st.booleans(), asked=st.booleans())
    def receive(self, reachable: bool, asked: bool) -> Any:
        if len(self.complaints) >= 5:
            return multiple()
        self.complaints.append(
            a_complaint(reachable_by_mail=reachable, wants_feedback=asked and reachable)
        )
        return len(self.complaints) - 1

    @rule(number=numbers)
    def link(self, number: int) -> None:
        found = self.complaints[number]
        if self.incident is None:
            self.incident = an_incident()
        try:
            joined = incidents.join(self.incident, LOCATION, found.occurred_at)
        except Refused:
            assert self.incident.state is IncidentState.CONCLUDED
            return
        before = self.complaints[number]
        self.act(
            number,
            State.IN_PROGRESS,
            lambda complaint, _: rules.link(
                complaint,
                location_id=LOCATION,
                participant="gm0153",
                incident_id=joined.id,
                officer=OFFICER,
            ),
        )
        if self.complaints[number] != before:
            self.incident = replace(joined, state=self.incident.state)

    @rule(number=numbers)
    def speak(self, number: int) -> None:
        self.act(number, None, rules.contacted)

    @rule(number=numbers)
    def assign(self, number: int) -> None:
        self.act(number, None, lambda complaint, _: rules.assign(complaint, OFFICER))

    @rule(
        number=numbers, outcome=st.sampled_from(Outcome), cause=st.sampled_from([None, "storing"])
    )
    def assess(self, number: int, outcome: Outcome, cause: str | None) -> None:
        assessment = Assessment(outcome, cause, "Onderzocht.")
        self.act(number, State.ASSESSED, lambda it, now: rules.assess(it, assessment, now))
        found = self.complaints[number]
        if self.incident and found.incident_id and found.outcome is Outcome.JUSTIFIED:
            self.incident = incidents.verified(self.incident)

    @rule(number=numbers, way=st.sampled_from(AnswerWay))
    def close(self, number: int, way: AnswerWay) -> None:
        self.act(number, State.CLOSED, lambda it, now: rules.close(it, way, now))

    @rule(number=numbers)
    def forward(self, number: int) -> None:
        self.act(number, State.FORWARDED, lambda it, now: rules.forward(it, "Waterschap", now))

    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        self.act(number, State.WITHDRAWN, rules.withdraw)

    @rule(number=numbers)
    def reopen(self, number: int) -> None:
        self.act(number, State.REOPENED, lambda it, now: rules.reopen(it, TERMS, now))

    @invariant()
    def every_complaint_is_whole(self) -> None:
        for each in self.complaints:
            assert each.open == (each.state in OPEN) == (each.state not in FINISHED)
            assert (each.closed_at is None) == each.open
            assert (each.within_term is None) == each.open
            assert (each.state is not State.ASSESSED) or each.outcome is not None
            assert each.outcome is not Outcome.JUSTIFIED or (each.cause and each.incident_id)
            assert (each.incident_id is None) == (each.location_id is None)
            assert each.state is not State.FORWARDED or each.forwarded_to

    @invariant()
    def the_incident_is_over_when_a_recount_says_so(self) -> None:
        if self.incident is None or not any(each.incident_id for each in self.complaints):
            return
        over = self.incident.state is IncidentState.CONCLUDED
        assert over == (self.open_here() == 0)
        assert (self.incident.concluded_at is not None) == over

    @invariant()
    def who_is_blamed_was_blamed_by_an_assessment(self) -> None:
        judged = [each for each in self.complaints if each.outcome is Outcome.JUSTIFIED]
        if judged and self.incident:
            assert self.incident.perpetrator is Perpetrator.VERIFIED


TestHandling = Handling.TestCase
TestHandling.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

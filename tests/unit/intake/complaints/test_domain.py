"""What may happen to a complaint, and what the world hears of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import (
    FINISHED,
    OPEN,
    TRANSITIONS,
    AnswerWay,
    Assessment,
    Complaint,
    State,
)
from shared.contracts.base import Event
from shared.contracts.intake import Outcome
from shared.errors import Conflict, Invalid, NotAllowed, Refused
from shared.ids import new_id
from tests.unit.intake.builders import (
    LOCATION,
    NOW,
    OFFICER,
    TERMS,
    a_complaint,
    a_linked_complaint,
)

JUSTIFIED = Assessment(Outcome.JUSTIFIED, "storing", "Het filter was stuk.")
UNKNOWN = Assessment(Outcome.UNVERIFIABLE, None, "Niets waargenomen.")


def test_nuisance_that_has_yet_to_happen_cannot_be_reported() -> None:
    rules.require_past(NOW, NOW)
    with pytest.raises(Invalid) as refused:
        rules.require_past(NOW + timedelta(seconds=1), NOW)
    assert refused.value.params[0].name == "occurred_at"


def test_every_state_is_open_or_finished_and_only_finished_ones_reopen() -> None:
    assert set(OPEN) | set(FINISHED) == set(State)
    assert not set(OPEN) & set(FINISHED)
    reopening = {start for start, end in TRANSITIONS.edges if end is State.REOPENED}
    assert reopening == set(FINISHED)
    assert all(reason for reason in TRANSITIONS.edges.values())


def link(complaint: Complaint, **changes: Any) -> tuple[Complaint, Event]:
    values: dict[str, Any] = {
        "location_id": LOCATION,
        "participant": "gm0153",
        "incident_id": new_id(),
        "officer": OFFICER,
    }
    return rules.link(complaint, **{**values, **changes})


def test_linking_makes_it_somebodys_work_and_tells_where_it_was() -> None:
    linked, event = link(a_complaint())
    assert (linked.state, linked.version) == (State.IN_PROGRESS, 2)
    assert (linked.participant, linked.handler) == ("gm0153", "klachten")
    assert event.version == 2
    assert event.key == LOCATION


def test_linking_elsewhere_tells_where_it_was_first() -> None:
    first = a_linked_complaint(handler="toezicht", handler_name="Toezichthouder")
    elsewhere = new_id()
    linked, event = rules.link(
        first, location_id=elsewhere, participant="gm0164", incident_id=new_id(), officer=OFFICER
    )
    assert event.previous_location_id == LOCATION
    assert linked.handler == "toezicht"
    _, again = rules.link(
        linked, location_id=elsewhere, participant="gm0164", incident_id=new_id(), officer=OFFICER
    )
    assert again.previous_location_id is None


def test_linking_twice_to_the_same_incident_is_a_conflict() -> None:
    linked = a_linked_complaint()
    with pytest.raises(Conflict):
        link(linked, incident_id=linked.incident_id)


def test_without_a_location_nothing_is_held_against_anybody() -> None:
    for outcome in (Outcome.JUSTIFIED, Outcome.UNJUSTIFIED):
        with pytest.raises(NotAllowed):
            rules.assess(a_complaint(), Assessment(outcome, "storing", "…"), NOW)
    assessed, event = rules.assess(a_complaint(), UNKNOWN, NOW)
    assert assessed.state is State.ASSESSED
    assert event.location_id is None


def test_a_justified_complaint_names_its_cause() -> None:
    with pytest.raises(Refused) as refused:
        rules.assess(a_linked_complaint(), Assessment(Outcome.JUSTIFIED, None, "…"), NOW)
    assert refused.value.params[0].name == "cause"


@pytest.mark.parametrize(
    ("changes", "way", "allowed"),
    [
        ({}, AnswerWay.MAIL, True),
        ({"reachable_by_mail": False}, AnswerWay.MAIL, False),
        ({}, AnswerWay.NONE, True),
        ({"wants_feedback": True}, AnswerWay.NONE, False),
        ({}, AnswerWay.TELEPHONE, False),
        ({"first_contact_at": NOW}, AnswerWay.TELEPHONE, True),
    ],
)
def test_an_answer_must_reach_who_asked_for_it(
    changes: dict[str, Any], way: AnswerWay, *, allowed: bool
) -> None:
    assessed = a_linked_complaint(state=State.ASSESSED, **changes)
    if not allowed:
        with pytest.raises(NotAllowed):
            rules.close(assessed, way, NOW)
        return
    closed, event = rules.close(assessed, way, NOW)
    assert (closed.state, closed.closed_at, event.closed_at) == (State.CLOSED, NOW, NOW)


@pytest.mark.parametrize(("days_late", "kept"), [(-14, True), (0, True), (1, False), (300, False)])
def test_the_promise_is_kept_up_to_and_including_its_last_day(
    days_late: int, *, kept: bool
) -> None:
    assessed = a_linked_complaint(state=State.ASSESSED)
    # 22:30 UTC on a winter day is still the same day in the Netherlands.
    at = NOW.replace(day=8, month=12, hour=22) + timedelta(days=days_late)
    _, event = rules.close(assessed, AnswerWay.MAIL, at)
    assert event.within_term is kept


def test_midnight_is_that_of_the_netherlands() -> None:
    assessed = a_linked_complaint(state=State.ASSESSED)
    _, event = rules.close(assessed, AnswerWay.MAIL, NOW.replace(day=8, month=12, hour=23))
    assert event.within_term is False


def test_the_first_contact_counts_and_the_second_does_not() -> None:
    called = rules.contacted(a_complaint(), NOW)
    again = rules.contacted(called, NOW + timedelta(days=3))
    assert again.first_contact_at == NOW
    assert again.version == 3


def test_reopening_starts_the_term_of_feedback_anew() -> None:
    closed, _ = rules.close(a_linked_complaint(state=State.ASSESSED), AnswerWay.MAIL, NOW)
    later = NOW.replace(year=2027, month=2, day=1)
    reopened, event = rules.reopen(closed, TERMS, later)
    assert (event.version, event.reopened_at) == (reopened.version, later)
    assert reopened.closed_at is None
    assert reopened.feedback_due == date(2027, 2, 15)


def test_nobody_takes_what_is_finished() -> None:
    with pytest.raises(NotAllowed):
        rules.assign(a_complaint(state=State.CLOSED), OFFICER)
    assert rules.assign(a_complaint(), OFFICER).handler_name == OFFICER.name


STEPS = {
    "link": lambda complaint: link(complaint)[0],
    "assess": lambda complaint: rules.assess(complaint, JUSTIFIED, NOW)[0],
    "close": lambda complaint: rules.close(complaint, AnswerWay.MAIL, NOW)[0],
    "forward": lambda complaint: rules.forward(complaint, "Waterschap", NOW)[0],
    "withdraw": lambda complaint: rules.withdraw(complaint, NOW)[0],
    "reopen": lambda complaint: rules.reopen(complaint, TERMS, NOW)[0],
    "contact": lambda complaint: rules.contacted(complaint, NOW),
    "assign": lambda complaint: rules.assign(complaint, OFFICER),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_is_tried_the_file_stays_coherent(steps: list[str]) -> None:
    complaint = a_complaint()
    for step in steps:
        before = complaint
        try:
            complaint = STEPS[step](complaint)
        except Refused:
            assert complaint is before
            continue
        assert complaint.version == before.version + 1
        if complaint.state is not before.state:
            assert (before.state, complaint.state) in TRANSITIONS.edges
        assert complaint.open == (complaint.closed_at is None)
        assert (complaint.closed_at is None) == (complaint.within_term is None)
        assert (complaint.location_id is None) == (complaint.incident_id is None)
        if complaint.state is State.CLOSED:
            assert complaint.outcome is not None
        if complaint.first_contact_at is not None and before.first_contact_at is not None:
            assert complaint.first_contact_at == before.first_contact_at

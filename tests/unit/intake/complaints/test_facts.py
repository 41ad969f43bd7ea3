"""Each step of a complaint whole: what it becomes, what is told, and what is refused and why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import (
    TRANSITIONS,
    AnswerWay,
    Assessment,
    Channel,
    Complaint,
    Officer,
    State,
)
from shared.contracts.base import Event, Place
from shared.contracts.intake import Outcome, Urgency
from shared.errors import Invalid, InvalidParam
from shared.ids import new_id
from tests.support.refusals import not_allowed, refused, wrong_field
from tests.unit.intake.builders import EDGES, LOCATION, NOW, OFFICER, TERMS, a_complaint

INCIDENT = new_id()
LATER = NOW + timedelta(days=2)
PLACE = Place(coordinates=(6.9, 52.2))
FULL = a_complaint(
    version=4,
    state=State.IN_PROGRESS,
    channel=Channel.EMAIL,
    urgency=Urgency.HIGH,
    occurred_at=NOW - timedelta(hours=2),
    participant="gm0153",
    location_id=LOCATION,
    incident_id=INCIDENT,
    handler="klachten",
    handler_name="Klachtbehandelaar",
)
ASSESSED = replace(FULL, state=State.ASSESSED)
JUSTIFIED = Assessment(Outcome.JUSTIFIED, "storing", "Het filter was stuk.")


def told(event: Event) -> dict[str, Any]:
    return event.model_dump()


def common(complaint: Complaint) -> dict[str, Any]:
    """What every event of a complaint says of it."""
    return {
        "version": complaint.version,
        "participant": complaint.participant,
        "complaint_id": complaint.id,
        "number": complaint.number,
        "category": complaint.category,
        "received_at": complaint.received_at,
    }


def test_the_edges_of_a_complaint() -> None:
    assert set(TRANSITIONS.edges) == EDGES


def test_a_new_complaint_is_told_with_its_place() -> None:
    assert told(rules.received(FULL, PLACE)) == {
        **common(FULL),
        "source_key": None,
        "channel": "e-mail",
        "urgency": Urgency.HIGH,
        "occurred_at": FULL.occurred_at,
        "place": PLACE.model_dump(),
        "location_id": LOCATION,
    }


def test_linking_whole() -> None:
    fresh = replace(a_complaint(), version=7)
    linked, event = rules.link(
        fresh, location_id=LOCATION, participant="gm0153", incident_id=INCIDENT, officer=OFFICER
    )
    assert linked == replace(
        fresh,
        version=8,
        state=State.IN_PROGRESS,
        location_id=LOCATION,
        participant="gm0153",
        incident_id=INCIDENT,
        handler=OFFICER.subject,
        handler_name=OFFICER.name,
    )
    assert told(event) == {
        **common(linked),
        "location_id": LOCATION,
        "incident_id": INCIDENT,
        "previous_location_id": None,
    }


def test_linking_anew_keeps_the_handler_and_tells_the_place_before() -> None:
    elsewhere, incident = new_id(), new_id()
    linked, event = rules.link(
        FULL,
        location_id=elsewhere,
        participant="gm0164",
        incident_id=incident,
        officer=Officer("ander", "Ander"),
    )
    assert (linked.handler, linked.handler_name) == ("klachten", "Klachtbehandelaar")
    assert event.previous_location_id == LOCATION
    again = rules.link(
        FULL, location_id=LOCATION, participant="gm0153", incident_id=incident, officer=OFFICER
    )
    assert again[1].previous_location_id is None


def test_linking_again_to_the_same_incident() -> None:
    same: dict[str, Any] = {
        "location_id": LOCATION,
        "participant": "gm0153",
        "incident_id": INCIDENT,
        "officer": OFFICER,
    }
    with refused("De klacht is al aan dit incident gekoppeld."):
        rules.link(FULL, **same)
    assert rules.link(replace(FULL, state=State.REOPENED), **same)[0].state is State.IN_PROGRESS
    sentence = "een klacht kan niet van 'afgehandeld' naar 'in behandeling'; mogelijk: heropend"
    with not_allowed(sentence, "toestandsovergang"):
        rules.link(replace(FULL, state=State.CLOSED), **same)


def test_contact_and_assignment_make_a_newer_version() -> None:
    assert rules.contacted(FULL, NOW) == replace(FULL, version=5, first_contact_at=NOW)
    once = replace(FULL, first_contact_at=NOW)
    assert rules.contacted(once, LATER) == replace(once, version=5)
    other = Officer("ander", "Ander")
    assert rules.assign(FULL, other) == replace(
        FULL, version=5, handler="ander", handler_name="Ander"
    )
    sentence = "Een klacht met status 'doorgestuurd' heeft geen behandelaar nodig"
    with not_allowed(sentence, "toestandsovergang"):
        rules.assign(replace(FULL, state=State.FORWARDED), other)


def test_an_assessment_whole() -> None:
    assessed, event = rules.assess(FULL, JUSTIFIED, LATER)
    assert assessed == replace(
        FULL,
        version=5,
        state=State.ASSESSED,
        outcome=Outcome.JUSTIFIED,
        cause="storing",
        explanation="Het filter was stuk.",
        assessed_at=LATER,
    )
    assert told(event) == {
        **common(assessed),
        "location_id": LOCATION,
        "incident_id": INCIDENT,
        "outcome": Outcome.JUSTIFIED,
        "cause": "storing",
        "assessed_at": LATER,
    }


@pytest.mark.parametrize("outcome", [Outcome.JUSTIFIED, Outcome.UNJUSTIFIED])
def test_a_judgement_needs_a_place_and_an_incident(outcome: Outcome) -> None:
    sentence = f"'{outcome}' kan pas als de klacht aan een locatie en een incident is gekoppeld"
    with not_allowed(sentence, "zorgvuldige voorbereiding, Awb 3:2"):
        rules.assess(replace(FULL, incident_id=None), Assessment(outcome, "storing", "…"), NOW)


def test_only_a_justified_complaint_needs_a_cause() -> None:
    with wrong_field("cause", "verplicht", "Kies de oorzaak: de klacht is gegrond."):
        rules.assess(FULL, Assessment(Outcome.JUSTIFIED, None, "…"), NOW)
    for outcome in set(Outcome) - {Outcome.JUSTIFIED}:
        assert rules.assess(FULL, Assessment(outcome, None, "…"), NOW)[0].cause is None


@pytest.mark.parametrize("outcome", [Outcome.UNVERIFIABLE, Outcome.FOR_INFORMATION])
def test_what_judges_nobody_needs_no_incident(outcome: Outcome) -> None:
    assessed, _ = rules.assess(a_complaint(), Assessment(outcome, None, "…"), NOW)
    assert assessed.outcome is outcome


@pytest.mark.parametrize(
    ("changes", "way", "sentence"),
    [
        (
            {"reachable_by_mail": False},
            AnswerWay.MAIL,
            "Van de melder is geen e-mailadres bekend",
        ),
        (
            {"wants_feedback": True},
            AnswerWay.NONE,
            "De melder heeft om een terugkoppeling gevraagd",
        ),
        (
            {},
            AnswerWay.TELEPHONE,
            "Leg eerst het telefoongesprek met de melder vast als contactmoment",
        ),
    ],
)
def test_an_answer_that_reaches_nobody(
    changes: dict[str, Any], way: AnswerWay, sentence: str
) -> None:
    with not_allowed(sentence, "wijze van antwoord"):
        rules.close(replace(ASSESSED, **changes), way, NOW)


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"reachable_by_mail": False, "wants_feedback": False}, AnswerWay.NONE),
        ({"reachable_by_mail": True, "wants_feedback": True}, AnswerWay.MAIL),
        (
            {"reachable_by_mail": False, "wants_feedback": True, "first_contact_at": NOW},
            AnswerWay.TELEPHONE,
        ),
    ],
)
def test_an_answer_that_reaches_the_complainant(changes: dict[str, Any], way: AnswerWay) -> None:
    closed, event = rules.close(replace(ASSESSED, **changes), way, LATER)
    assert closed == replace(
        ASSESSED, **changes, version=5, state=State.CLOSED, closed_at=LATER, within_term=True
    )
    assert told(event) == {
        **common(closed),
        "location_id": LOCATION,
        "closed_at": LATER,
        "within_term": True,
    }


def test_forwarding_and_withdrawing_finish_a_complaint() -> None:
    late = NOW + timedelta(days=60)
    sent, event = rules.forward(FULL, "Waterschap", late)
    finished: dict[str, Any] = {"version": 5, "closed_at": late, "within_term": False}
    assert sent == replace(FULL, **finished, state=State.FORWARDED, forwarded_to="Waterschap")
    assert (event.version, event.closed_at, event.within_term) == (5, late, False)
    back, event = rules.withdraw(FULL, late)
    assert back == replace(FULL, **finished, state=State.WITHDRAWN)
    assert (event.version, event.closed_at, event.within_term) == (5, late, False)


@pytest.mark.parametrize("act", [rules.withdraw, lambda it, at: rules.forward(it, "Elders", at)])
def test_what_is_finished_is_not_finished_again(act: Any) -> None:
    with pytest.raises(Exception, match="kan niet van 'afgehandeld'"):
        act(replace(FULL, state=State.CLOSED), NOW)
    with pytest.raises(Exception, match="kan niet van 'in behandeling' naar 'afgehandeld'"):
        rules.close(FULL, AnswerWay.NONE, NOW)


def test_reopening_whole() -> None:
    closed = replace(FULL, state=State.CLOSED, closed_at=NOW, within_term=True)
    reopened, event = rules.reopen(closed, TERMS, LATER)
    assert reopened == replace(
        closed,
        version=5,
        state=State.REOPENED,
        closed_at=None,
        within_term=None,
        feedback_due=date(2026, 12, 3),
    )
    assert told(event) == {**common(reopened), "location_id": LOCATION, "reopened_at": LATER}


def test_the_future_cannot_be_reported() -> None:
    with pytest.raises(Invalid) as caught:
        rules.require_past(LATER, NOW)
    reason = "Vul een tijdstip in dat niet in de toekomst ligt."
    assert caught.value.params == (InvalidParam("occurred_at", "in_toekomst", reason),)

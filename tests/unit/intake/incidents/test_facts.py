"""Each step of an incident whole: what it becomes, what is told, and what is refused and why."""

from dataclasses import replace
from datetime import timedelta

from services.intake.incidents import domain as rules
from services.intake.incidents.domain import IncidentState, Perpetrator
from shared.contracts.intake import Urgency
from shared.ids import new_id
from tests.support.refusals import not_allowed, refused
from tests.unit.intake.builders import LOCATION, NOW, an_incident

RUNNING = an_incident(version=4)
CONCLUDED = replace(RUNNING, state=IncidentState.CONCLUDED, concluded_at=NOW)
LATER = NOW + timedelta(days=1)
COMMON = {
    "participant": "gm0153",
    "incident_id": RUNNING.id,
    "incident_number": "I-2026-000045",
    "category": "geur",
    "location_id": LOCATION,
}


def test_a_new_incident_is_told() -> None:
    event = rules.register(RUNNING)
    assert event.model_dump() == {**COMMON, "version": 4, "started_at": NOW}


def test_joining_whole() -> None:
    earlier = NOW - timedelta(hours=1)
    assert rules.join(RUNNING, LOCATION, earlier) == replace(RUNNING, version=5, started_at=earlier)
    with refused("Incident I-2026-000045 is afgesloten: registreer een nieuw incident."):
        rules.join(CONCLUDED, LOCATION, NOW)
    with refused("Incident I-2026-000045 hoort bij een andere locatie."):
        rules.join(RUNNING, new_id(), NOW)


def test_a_request_for_an_inspection_whole() -> None:
    request = new_id()
    asked, event = rules.request_inspection(
        RUNNING, request_id=request, urgency=Urgency.HIGH, complaints=3, now=LATER
    )
    assert asked == replace(RUNNING, version=5)
    assert event.model_dump() == {
        **COMMON,
        "version": 5,
        "request_id": request,
        "urgency": Urgency.HIGH,
        "complaints": 3,
        "requested_at": LATER,
    }
    sentence = "Incident I-2026-000045 is afgesloten"
    with not_allowed(sentence, "controle naar aanleiding van"):
        rules.request_inspection(
            CONCLUDED, request_id=request, urgency=Urgency.HIGH, complaints=3, now=LATER
        )


def test_a_perpetrator_is_proven_once() -> None:
    proven = rules.verified(RUNNING)
    assert proven == replace(RUNNING, version=5, perpetrator=Perpetrator.VERIFIED)


def test_an_incident_ends_with_its_last_complaint_and_runs_again() -> None:
    assert rules.settled(RUNNING, 1, LATER) is RUNNING
    assert rules.settled(CONCLUDED, 0, LATER) is CONCLUDED
    assert rules.settled(RUNNING, 0, LATER) == replace(
        RUNNING, version=5, state=IncidentState.CONCLUDED, concluded_at=LATER
    )
    assert rules.settled(CONCLUDED, 1, LATER) == replace(
        CONCLUDED, version=5, state=IncidentState.RUNNING, concluded_at=None
    )

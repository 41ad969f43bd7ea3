"""Complaints and incidents as the tests of the rules need them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.intake.complaints.domain.complaint import Channel, Complaint, Officer, State
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.reference.domain.terms import ClockKind, Terms
from shared.contracts.intake import Urgency
from shared.ids import new_id

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LOCATION = UUID("01900000-0000-7000-8000-000000000001")
OFFICER = Officer("klachten", "Klachtbehandelaar (voorbeeld)")
TERMS = Terms(
    version=1,
    confirmed=False,
    days={
        (urgency, kind): days
        for urgency, terms in {
            Urgency.NORMAL: (0, 3, 10),
            Urgency.HIGH: (0, 1, 5),
            Urgency.EMERGENCY: (0, 0, 2),
        }.items()
        for kind, days in zip(ClockKind, terms, strict=True)
    },
)

_WAYS = {
    State.RECEIVED: {State.IN_PROGRESS, State.ASSESSED, State.FORWARDED, State.WITHDRAWN},
    State.IN_PROGRESS: {State.IN_PROGRESS, State.ASSESSED, State.FORWARDED, State.WITHDRAWN},
    State.ASSESSED: {State.ASSESSED, State.CLOSED, State.WITHDRAWN},
    State.CLOSED: {State.REOPENED},
    State.FORWARDED: {State.REOPENED},
    State.WITHDRAWN: {State.REOPENED},
    State.REOPENED: {State.IN_PROGRESS, State.ASSESSED, State.FORWARDED, State.WITHDRAWN},
}
# Written out once more: a test that asked the table itself would agree with any table.
EDGES = {(at, to) for at, ways in _WAYS.items() for to in ways}


def a_complaint(**changes: Any) -> Complaint:
    values: dict[str, Any] = {
        "id": new_id(),
        "number": "K-2026-000123",
        "version": 1,
        "state": State.RECEIVED,
        "category": "geur",
        "channel": Channel.TELEPHONE,
        "urgency": Urgency.NORMAL,
        "received_at": NOW,
        "occurred_at": NOW,
        "participant": None,
        "location_id": None,
        "incident_id": None,
        "handler": None,
        "handler_name": None,
        "contact_due": date(2026, 11, 27),
        "feedback_due": date(2026, 12, 8),
        "first_contact_at": None,
        "wants_feedback": False,
        "reachable_by_mail": True,
    }
    return Complaint(**{**values, **changes})


def a_linked_complaint(**changes: Any) -> Complaint:
    linked = {"state": State.IN_PROGRESS, "location_id": LOCATION, "incident_id": new_id()}
    return a_complaint(**{**linked, **changes})


def an_incident(**changes: Any) -> Incident:
    values: dict[str, Any] = {
        "id": new_id(),
        "number": "I-2026-000045",
        "version": 1,
        "state": IncidentState.RUNNING,
        "category": "geur",
        "location_id": LOCATION,
        "participant": "gm0153",
        "perpetrator": Perpetrator.REPORTED,
        "started_at": NOW,
    }
    return Incident(**{**values, **changes})

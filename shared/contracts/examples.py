"""An example of every event: one story, from complaint to settlement, with invented values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from shared.contracts.base import Event

NOW: Final = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


def _id(number: int) -> str:
    return f"019a0000-0000-7000-8000-{number:012d}"


VALUES: Final[Mapping[str, Any]] = {
    "version": 3,
    "participant": "gm0153",
    "complaint_id": _id(1),
    "category": "geur",
    "received_at": "2026-11-23T08:15:00Z",
    "channel": "webformulier",
    "urgency": "normaal",
    "occurred_at": "2026-11-23T07:50:00Z",
    "place": {"type": "Point", "coordinates": [6.8939, 52.2219]},
    "location_id": _id(2),
    "incident_id": _id(3),
    "previous_location_id": _id(20),
    "outcome": "gegrond",
    "cause": "storing",
    "assessed_at": "2026-11-24T09:00:00Z",
    "closed_at": "2026-11-24T13:30:00Z",
    "within_term": True,
    "reopened_at": "2026-12-01T10:15:00Z",
    "incident_number": "I-2026-000045",
    "started_at": "2026-11-23T07:50:00Z",
    "request_id": _id(4),
    "complaints": 3,
    "requested_at": "2026-11-23T11:00:00Z",
    "address": {
        "street": "Havenweg",
        "house_number": "20",
        "postcode": "7511 AB",
        "city": "Enschede",
    },
    "activities": ["3.2.8", "3.2.13"],
    "active": True,
    "score": "71.5",
    "risk_class": "hoog",
    "model_version": "voorbeeld-1",
    "scored_at": "2026-11-24T09:00:01Z",
    "inspection_id": _id(5),
    "kind": "controle naar aanleiding van incident",
    "violation_id": _id(6),
    "planned_on": "2026-11-25",
    "completed_on": "2026-11-25",
    "findings": 4,
    "violations": 1,
    "established_on": "2026-11-25",
    "nature": "geur",
    "consequence": "3",
    "behaviour": "B",
    "cell": "B3",
    "initial_cell": "B3",
    "matrix_version": "voorbeeld-1",
    "recidivism": False,
    "positioned_at": "2026-11-26T10:00:00Z",
    "resolved_on": "2027-01-11",
    "retracted_on": "2026-12-03",
    "measure_id": _id(7),
    "instrument": "last onder dwangsom",
    "decided_on": "2026-12-10",
    "deviates": False,
    "compliance_until": "2027-01-10",
    "amount": "2500.00",
    "maximum": "10000.00",
    "forfeited_on": "2027-01-11",
    "pay_until": "2027-02-22",
    "prescribes_on": "2028-01-11",
    "ended_on": "2027-03-01",
    "result": "uitgevoerd",
    "joined_on": "2013-01-01",
    "left_on": "2030-01-01",
    "week_id": _id(8),
    "employee": _id(9),
    "week": "2026-W48",
    "minutes": 2160,
    "submitted_at": "2026-11-27T15:00:00Z",
    "approved_at": "2026-11-30T09:00:00Z",
    "settlement_id": _id(10),
    "consumer": "risk",
    "event_id": _id(11),
    "event_type": "nl.vth.klachten.klacht-gekoppeld",
    "from_topic": "vth.intake.v1",
    "event_key": _id(2),
    "failure": "NotFound",
    "attempts": 6,
    "parked_at": "2026-11-24T13:30:00Z",
    "source_key": "zaaksysteem/2026-0815",
    "year": 2026,
    "owed": "125000.00",
    "advance": "120000.00",
    "balance": "5000.00",
    "adopted_on": "2027-03-15",
}
NUMBERS: Final[Mapping[str, str]] = {
    "klachten": "K-2026-000123",
    "locaties": "L-2026-000007",
    "controles": "C-2026-000101",
    "overtredingen": "O-2026-000012",
    "handhavingsmaatregelen": "M-2026-000009",
}

NAMES: Final[Mapping[str, str]] = {"locaties": "Voorbeeldbedrijf", "deelnemers": "Enschede"}
PER_RESOURCE: Final = {"number": NUMBERS, "name": NAMES}


def example_of(event: type[Event]) -> Event:
    """The event with every field filled in."""
    values = {
        name: PER_RESOURCE[name][event.resource] if name in PER_RESOURCE else VALUES[name]
        for name in event.model_fields
    }
    return event.model_validate_json(orjson.dumps(values))

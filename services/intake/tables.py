"""The tables of intake; `metadata` is what the migrations build."""

from services.intake.complaints.tables import SAID, complaint, complaint_act, contact_moment
from services.intake.incidents.tables import incident, inspection, inspection_request, violation
from services.intake.letters.tables import outgoing_mail
from services.intake.locations.tables import SAID as LOCATION_SAID
from services.intake.locations.tables import location
from services.intake.metadata import (
    complaint_number,
    document,
    idempotency,
    incident_number,
    messaging,
    metadata,
    participant,
)
from services.intake.reference.tables import category, cause, term, term_version
from services.intake.reporters.tables import processing, reporter, reporter_key
from services.intake.timeline.tables import timeline_entry
from shared.db.phrases import phrase_function
from shared.db.row_security import protect

__all__ = [
    "LOCATION_SAID",
    "category",
    "cause",
    "complaint",
    "complaint_act",
    "complaint_number",
    "contact_moment",
    "document",
    "idempotency",
    "incident",
    "incident_number",
    "inspection",
    "inspection_request",
    "location",
    "messaging",
    "metadata",
    "outgoing_mail",
    "participant",
    "processing",
    "reporter",
    "reporter_key",
    "term",
    "term_version",
    "timeline_entry",
    "violation",
]

phrase_function(metadata, "intake", complaint, SAID)
phrase_function(metadata, "intake", location, LOCATION_SAID)
protect(
    metadata,
    "intake",
    parents={
        "complaint_act": {"complaint_id": "complaint"},
        "contact_moment": {"complaint_id": "complaint"},
        "inspection": {"incident_id": "incident"},
        "inspection_request": {"incident_id": "incident"},
        "outgoing_mail": {"complaint_id": "complaint"},
        "processing": {"complaint_id": "complaint"},
        "reporter": {"complaint_id": "complaint"},
        "reporter_key": {"complaint_id": "complaint"},
        "timeline_entry": {"complaint_id": "complaint", "incident_id": "incident"},
        "violation": {"incident_id": "incident"},
    },
)

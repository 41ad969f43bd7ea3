"""The tables of intake; `metadata` is what the migrations build."""

from services.intake.complaints.tables import complaint, contact_moment
from services.intake.incidents.tables import incident, inspection, inspection_request, violation
from services.intake.letters.tables import outgoing_mail
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

__all__ = [
    "category",
    "cause",
    "complaint",
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

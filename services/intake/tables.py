"""The tables of intake; `metadata` is what the migrations build."""

from services.intake.complaints.tables import complaint, contact_moment
from services.intake.incidents.tables import (
    incident,
    inspection,
    inspection_request,
    timeline_entry,
    violation,
)
from services.intake.locations.tables import location
from services.intake.metadata import (
    complaint_number,
    document,
    idempotency,
    incident_number,
    messaging,
    metadata,
)
from services.intake.reference.tables import category, cause, term, term_version
from services.intake.reporters.tables import outgoing_mail, processing, reporter, reporter_key

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
    "processing",
    "reporter",
    "reporter_key",
    "term",
    "term_version",
    "timeline_entry",
    "violation",
]

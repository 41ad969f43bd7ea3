"""The tables of intake; `metadata` is what the migrations build."""

from services.intake.tables.base import (
    complaint_number,
    idempotency,
    incident_number,
    messaging,
    metadata,
)
from services.intake.tables.complaints import complaint, contact_moment
from services.intake.tables.incidents import (
    incident,
    inspection,
    inspection_request,
    timeline_entry,
    violation,
)
from services.intake.tables.locations import location
from services.intake.tables.reference import category, cause, term, term_version
from services.intake.tables.reporters import outgoing_mail, processing, reporter, reporter_key

__all__ = [
    "category",
    "cause",
    "complaint",
    "complaint_number",
    "contact_moment",
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

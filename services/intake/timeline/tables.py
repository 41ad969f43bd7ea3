"""The time line: what happened to a complaint or to an incident, in words."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, Uuid

from services.intake.metadata import metadata
from shared.db.columns import moment

timeline_entry = Table(
    "timeline_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("complaint_id", Uuid),
    Column("incident_id", Uuid),
    moment("at"),
    Column("title", Text, nullable=False),
    Column("detail", Text),
    Column("link", Text),
    Column("actor", Text),
    CheckConstraint("num_nonnulls(complaint_id, incident_id) = 1", name="timeline_entry_subject"),
)
Index(
    "timeline_entry_complaint",
    timeline_entry.c.complaint_id,
    postgresql_where=timeline_entry.c.complaint_id.isnot(None),
)
Index(
    "timeline_entry_incident",
    timeline_entry.c.incident_id,
    postgresql_where=timeline_entry.c.incident_id.isnot(None),
)

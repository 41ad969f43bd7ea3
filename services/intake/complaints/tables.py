"""Complaints, and what was said about them with whom."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
)

from services.intake.complaints.domain.complaint import FINISHED, Channel, State
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.metadata import metadata
from shared.contracts.intake import Outcome, Urgency
from shared.db.columns import address, moment, one_of, point, version
from shared.db.search import number_index, search_index, search_text

_FINISHED = ", ".join(f"'{state}'" for state in FINISHED)
# The work order of open complaints lies below this, that of finished ones above.
WORK_ORDER_SINCE: Final = literal_column("DATE '2000-01-01'", Date)
OPEN_BELOW: Final = literal_column("500000", Integer)
# Open complaints first, by the first term that will be missed; then closed ones, newest first.
WORK_ORDER = f"""
CASE WHEN state IN ({_FINISHED})
     THEN 1000000 - ((received_at AT TIME ZONE 'UTC')::date - DATE '2000-01-01')
     WHEN first_contact_at IS NULL THEN LEAST(contact_due, feedback_due) - DATE '2000-01-01'
     ELSE feedback_due - DATE '2000-01-01' END
"""

complaint = Table(
    "complaint",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    version(),
    Column("state", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("description", Text, nullable=False),
    moment("received_at"),
    moment("occurred_at"),
    *address(),
    *point(),
    Column("place_description", Text),
    Column("supposed_source", Text),
    Column("participant", Text),
    Column("location_id", Uuid),
    Column("incident_id", Uuid, ForeignKey("incident.id")),
    Column("handler", Text),
    Column("handler_name", Text),
    Column("anonymous", Boolean, nullable=False),
    Column("wants_feedback", Boolean, nullable=False),
    Column("wants_call", Boolean, nullable=False),
    Column("reachable_by_mail", Boolean, nullable=False),
    Column("term_version", Integer, nullable=False),
    Column("contact_due", Date, nullable=False),
    Column("feedback_due", Date, nullable=False),
    moment("first_contact_at", nullable=True),
    Column("outcome", Text),
    Column("cause", Text),
    Column("explanation", Text),
    moment("assessed_at", nullable=True),
    moment("closed_at", nullable=True),
    Column("within_term", Boolean),
    Column("forwarded_to", Text),
    Column("source_key", Text),
    Column("work_order", Integer, Computed(WORK_ORDER, persisted=True)),
    UniqueConstraint("number", name="complaint_number_key"),
    one_of("state", State, "complaint_state"),
    one_of("channel", Channel, "complaint_channel"),
    one_of("urgency", Urgency, "complaint_urgency"),
    one_of("outcome", Outcome, "complaint_outcome"),
    CheckConstraint("char_length(description) <= 3000", name="complaint_description"),
)
Index("complaint_work_order", complaint.c.work_order, complaint.c.id)
# Most complaints come in without these: an index of those that have one costs the others nothing.
Index(
    "complaint_location",
    complaint.c.location_id,
    complaint.c.received_at,
    postgresql_where=complaint.c.location_id.is_not(None),
)
Index(
    "complaint_incident",
    complaint.c.incident_id,
    postgresql_where=complaint.c.incident_id.is_not(None),
)
Index(
    "complaint_source_key",
    complaint.c.source_key,
    unique=True,
    postgresql_where=complaint.c.source_key.is_not(None),
)
Index("complaint_participant", complaint.c.participant, complaint.c.work_order, complaint.c.id)
Index("complaint_state", complaint.c.state, complaint.c.work_order, complaint.c.id)
Index("complaint_category", complaint.c.category, complaint.c.work_order, complaint.c.id)
Index(
    "complaint_handler",
    complaint.c.handler,
    complaint.c.work_order,
    complaint.c.id,
    postgresql_where=complaint.c.handler.is_not(None),
)
Index(
    "complaint_free",
    complaint.c.work_order,
    complaint.c.id,
    postgresql_where=complaint.c.handler.is_(None) & (complaint.c.work_order < OPEN_BELOW),
)
Index(
    "complaint_at_location",
    complaint.c.location_id,
    complaint.c.work_order,
    complaint.c.id,
    postgresql_where=complaint.c.location_id.is_not(None),
)
number_index("complaint_number_begin", complaint.c.number)
SAID: Final = search_text(
    *(complaint.c[name] for name in ("street", "house_number", "city", "postcode"))
)
search_index("complaint_search", SAID)

# What a complaint was assessed and answered with, each time: an assessment or an answer that was
# taken up again stays. When and by whom is unknown of what was there before this was kept.
complaint_act = Table(
    "complaint_act",
    metadata,
    Column("complaint_id", Uuid, ForeignKey("complaint.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("feedback_due", Date, nullable=False),
    Column("outcome", Text),
    Column("cause", Text),
    Column("explanation", Text),
    moment("assessed_at", nullable=True),
    moment("closed_at", nullable=True),
    Column("within_term", Boolean),
    Column("forwarded_to", Text),
    moment("recorded_at", nullable=True),
    Column("recorded_by", Text),
    one_of("state", State, "complaint_act_state"),
    one_of("outcome", Outcome, "complaint_act_outcome"),
)

# Added, and never changed.
contact_moment = Table(
    "contact_moment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, ForeignKey("complaint.id"), nullable=False),
    Column("party", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    moment("at"),
    one_of("party", Party, "contact_moment_party"),
    one_of("kind", ContactKind, "contact_moment_kind"),
)
Index("contact_moment_complaint", contact_moment.c.complaint_id, contact_moment.c.at)

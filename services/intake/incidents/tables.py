"""Incidents, the inspections asked for, and what enforcement told about them."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)

from services.intake.incidents.domain import IncidentState, Perpetrator
from services.intake.metadata import metadata
from shared.contracts.intake import Urgency
from shared.db.columns import moment, one_of, version
from shared.db.search import number_index

incident = Table(
    "incident",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    version(),
    Column("state", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("participant", Text),
    Column("perpetrator", Text, nullable=False),
    moment("started_at"),
    moment("concluded_at", nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("source_key", Text),
    UniqueConstraint("number", name="incident_number_key"),
    UniqueConstraint("source_key", name="incident_source_key"),
    one_of("state", IncidentState, "incident_state"),
    one_of("perpetrator", Perpetrator, "incident_perpetrator"),
)
Index("incident_location", incident.c.location_id, incident.c.state)
Index("incident_started", incident.c.started_at, incident.c.id)
for _name in ("state", "category", "participant"):
    Index(f"incident_{_name}", incident.c[_name], incident.c.started_at, incident.c.id)
Index("incident_at_location", incident.c.location_id, incident.c.started_at, incident.c.id)
number_index("incident_number_begin", incident.c.number)

inspection_request = Table(
    "inspection_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, ForeignKey("incident.id"), nullable=False),
    Column("urgency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    moment("requested_at"),
    one_of("urgency", Urgency, "inspection_request_urgency"),
)
Index("inspection_request_incident", inspection_request.c.incident_id)

# What enforcement told about our incidents.

inspection = Table(
    "inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("planned_on", Date),
    Column("completed_on", Date),
    Column("violations", Integer),
)
Index("inspection_incident", inspection.c.incident_id)

violation = Table(
    "violation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("established_on", Date, nullable=False),
    Column("measure_on", Date),
    Column("resolved_on", Date),
)
Index("violation_incident", violation.c.incident_id)

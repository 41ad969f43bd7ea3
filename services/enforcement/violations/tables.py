"""Violations and every place they were given in the matrix."""

from sqlalchemy import (
    Boolean,
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.enforcement.metadata import OPEN_BELOW, metadata, work_order
from services.enforcement.violations.domain import ViolationState
from shared.contracts.base import Behaviour, Consequence
from shared.db.columns import moment, one_of, version
from shared.db.search import number_index

violation = Table(
    "violation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    version(),
    Column("state", Text, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("participant", Text),
    Column("inspection_id", Uuid, ForeignKey("inspection.id"), nullable=False),
    Column("finding", Integer, nullable=False),
    Column("nature", Text, nullable=False),
    Column("established_on", Date, nullable=False),
    Column("incident_id", Uuid),
    Column("rule", Text),
    Column("details", Text),
    Column("consequence", Text),
    Column("behaviour", Text),
    Column("initial_cell", Text),
    Column("cell", Text),
    Column("matrix_version", Text),
    Column("recidivism", Boolean, nullable=False, server_default=text("false")),
    moment("positioned_at", nullable=True),
    Column("resolved_on", Date),
    # The first running clock; kept with the clocks, so that the work list is one index.
    Column("due_on", Date),
    Column(
        "work_order",
        Integer,
        Computed(
            work_order(
                "state <> 'hersteld'",
                "coalesce(due_on, established_on)",
                "coalesce(resolved_on, established_on)",
            ),
            persisted=True,
        ),
        nullable=False,
    ),
    UniqueConstraint("number", name="violation_number_key"),
    one_of("state", ViolationState, "violation_state"),
    one_of("consequence", Consequence, "violation_consequence"),
    one_of("behaviour", Behaviour, "violation_behaviour"),
)
Index("violation_location", violation.c.location_id, violation.c.established_on)
Index("violation_inspection", violation.c.inspection_id)
Index("violation_cell", violation.c.cell, violation.c.nature)
Index(
    "violation_incident",
    violation.c.incident_id,
    postgresql_where=violation.c.incident_id.isnot(None),
)
Index("violation_work_order", violation.c.work_order, violation.c.id)
for _name in ("state", "participant"):
    Index(f"violation_{_name}", violation.c[_name], violation.c.work_order, violation.c.id)
Index(
    "violation_participant_state",
    *(violation.c[name] for name in ("participant", "state", "work_order", "id")),
)
Index("violation_in_cell", violation.c.cell, violation.c.work_order, violation.c.id)
Index("violation_at_location", violation.c.location_id, violation.c.work_order, violation.c.id)
Index(
    "violation_due",
    violation.c.due_on,
    postgresql_where=violation.c.work_order < OPEN_BELOW,
)
number_index("violation_number_begin", violation.c.number)

position = Table(
    "position",
    metadata,
    Column("violation_id", Uuid, ForeignKey("violation.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("consequence", Text, nullable=False),
    Column("behaviour", Text, nullable=False),
    Column("initial_cell", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("reason", Text),
    Column("consequence_note", Text),
    Column("behaviour_note", Text),
    Column("aspects", JSONB, nullable=False),
    Column("recidivism", Boolean, nullable=False),
    Column("suggestion", JSONB, nullable=False),
    Column("matrix_version", Text, nullable=False),
    moment("positioned_at"),
    Column("positioned_by", Text, nullable=False),
)

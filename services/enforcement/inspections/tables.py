"""Inspections and their findings."""

from typing import Final

from sqlalchemy import (
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
    exists,
    text,
)

from services.enforcement.inspections.domain import FindingResult, InspectionState, Trigger
from services.enforcement.metadata import metadata, work_order
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind
from shared.db.columns import moment, one_of, version
from shared.db.search import number_index

inspection = Table(
    "inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    version(),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("participant", Text),
    Column("incident_id", Uuid),
    Column("incident_number", Text),
    Column("violation_id", Uuid),
    Column("request_id", Uuid),
    Column("urgency", Text),
    Column("inspector", Text),
    Column("inspector_name", Text),
    Column("planned_on", Date),
    Column("completed_on", Date),
    Column("explanation", Text),
    Column("source_key", Text),
    # When it was due, or done: the one day by which inspections are listed.
    Column("listed_on", Date, nullable=False),
    Column(
        "work_order",
        Integer,
        Computed(
            work_order("state = 'gepland'", "listed_on", "listed_on"),
            persisted=True,
        ),
        nullable=False,
    ),
    UniqueConstraint("number", name="inspection_number_key"),
    UniqueConstraint("request_id", name="inspection_request_key"),
    UniqueConstraint("source_key", name="inspection_source_key"),
    one_of("state", InspectionState, "inspection_state"),
    one_of("kind", InspectionKind, "inspection_kind"),
    one_of("trigger", Trigger, "inspection_trigger"),
)
Index("inspection_work_order", inspection.c.work_order, inspection.c.id)
Index("inspection_location", inspection.c.location_id, inspection.c.listed_on)
for _name in ("kind", "participant", "inspector"):
    Index(f"inspection_{_name}", inspection.c[_name], inspection.c.work_order, inspection.c.id)
Index("inspection_at_location", inspection.c.location_id, inspection.c.work_order, inspection.c.id)
number_index("inspection_number_begin", inspection.c.number)
Index(
    "inspection_incident",
    inspection.c.incident_id,
    postgresql_where=inspection.c.incident_id.isnot(None),
)
Index(
    "inspection_violation",
    inspection.c.violation_id,
    postgresql_where=inspection.c.violation_id.isnot(None),
)

# Facts: a finding that is corrected before it is final stays, under its version.
finding = Table(
    "finding",
    metadata,
    Column("inspection_id", Uuid, ForeignKey("inspection.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False, server_default=text("1")),
    Column("topic", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("attention_point", Text),
    Column("rule", Text),
    Column("details", Text),
    Column("consequence", Text),
    Column("behaviour", Text),
    Column("violation_id", Uuid),
    moment("recorded_at"),
    Column("recorded_by", Text, nullable=False),
    one_of("result", FindingResult, "finding_result"),
    one_of("consequence", Consequence, "finding_consequence"),
    one_of("behaviour", Behaviour, "finding_behaviour"),
)
_later = finding.alias("later")
# No other version came in its place.
finding_stands: Final = ~exists().where(
    _later.c.inspection_id == finding.c.inspection_id,
    _later.c.sequence == finding.c.sequence,
    _later.c.version > finding.c.version,
)

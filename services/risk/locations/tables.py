"""Locations, the activities of the Bal, and the facts that other services tell."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    Sequence,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.risk.metadata import metadata
from shared.db.columns import moment, needed
from shared.db.schema import before_tables

# Part of a word is found by an index over its trigrams.
before_tables(metadata, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
location_number = Sequence("location_number", metadata=metadata)

SEARCHED = (
    "lower(name || ' ' || number || ' ' || coalesce(street, '') || ' ' || "
    "coalesce(house_number, '') || ' ' || coalesce(postcode, '') || ' ' || coalesce(city, ''))"
)

location = Table(
    "location",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("version", Integer, server_default=text("1")),
    needed("number", Text, unique=True),
    Column("source_key", Text, unique=True),
    needed("name", Text),
    Column("street", Text),
    Column("house_number", Text),
    Column("postcode", Text),
    Column("city", Text),
    needed("participant", Text),
    needed("lon", Double),
    needed("lat", Double),
    needed("rd_x", Double),
    needed("rd_y", Double),
    needed("activities", ARRAY(Text), server_default=text("'{}'")),
    Column("core_activity", Text),
    needed("active", Boolean, server_default=text("true")),
    moment("changed_at", server_default=func.now()),
    Column("search_text", Text, Computed(SEARCHED, persisted=True)),
    # What follows is kept by scoring; `score_version` counts the scores that were told.
    needed("score_version", Integer, server_default=text("0")),
    Column("last_inspection", Date),
)
# Never inspected sorts as long ago: an index cannot hold a place for what is not there.
NEVER: Final = literal_column("'1900-01-01'::date", Date)
last_inspected: Final = func.coalesce(location.c.last_inspection, NEVER)
Index("location_by_name", location.c.name, location.c.id)
Index("location_by_inspection", last_inspected, location.c.id)
Index("location_rd", location.c.rd_x, location.c.rd_y)
Index("location_activities", location.c.activities, postgresql_using="gin")
Index(
    "location_search",
    location.c.search_text,
    postgresql_using="gin",
    postgresql_ops={"search_text": "gin_trgm_ops"},
)

activity = Table(
    "activity",
    metadata,
    Column("law_date", Date, primary_key=True),
    Column("code", Text, primary_key=True),
    needed("name", Text),
    Column("first_article", Text),
    needed("permit", Text),
    Column("remark", Text),
    needed("in_force", Boolean),
)

# What other services told, each event once. Rows are added and never changed: `corrects` names the
# event that no longer holds. The tables below hold what the facts come to.
fact = Table(
    "fact",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    needed("id", Uuid),
    Column("location_id", Uuid),
    needed("number", Text),
    needed("recorded_at", DateTime(timezone=True)),
    Column("corrects", Uuid),
    needed("details", JSONB),
)

# `version` is the newest that was heard of; those of the assessment and of the closing stand apart.
# Events about one complaint may come in another order when it was moved to another location.
complaint = Table(
    "complaint",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("version", Integer),
    Column("location_id", Uuid),
    needed("number", Text),
    needed("category", Text),
    moment("received_at"),
    Column("outcome", Text),
    needed("outcome_version", Integer, server_default=text("0")),
    Column("assessed_by", Uuid),
    moment("closed_at", nullable=True),
    needed("closed_version", Integer, server_default=text("0")),
)
Index("complaint_location", complaint.c.location_id, complaint.c.received_at)
Index("complaint_open", complaint.c.location_id, postgresql_where=complaint.c.closed_at.is_(None))

inspection = Table(
    "inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("location_id", Uuid),
    needed("number", Text),
    needed("kind", Text),
    needed("completed_on", Date),
    needed("violations", Integer),
)
Index("inspection_location", inspection.c.location_id)

violation = Table(
    "violation",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("location_id", Uuid),
    needed("number", Text),
    needed("established_on", Date),
    needed("nature", Text),
    Column("cell", Text),
    Column("resolved_on", Date),
    Column("retracted_on", Date),
)
Index("violation_location", violation.c.location_id)

measure = Table(
    "measure",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("location_id", Uuid),
    needed("violation_id", Uuid),
    needed("number", Text),
    needed("instrument", Text),
    needed("decided_on", Date),
    Column("ended_on", Date),
    Column("withdrawn_on", Date),
)
Index("measure_location", measure.c.location_id)

"""Locations, the activities of the Bal, and the facts that other services tell."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Double,
    Index,
    Integer,
    Numeric,
    Sequence,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.metadata import metadata, moment, needed
from shared.db.numbers import BLOCK
from shared.db.schema import before_tables

# Part of a word is found by an index over its trigrams.
before_tables(metadata, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
location_number = Sequence("location_number", increment=BLOCK, metadata=metadata)

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
    moment("changed_at", nullable=False, server_default=func.now()),
    Column("search_text", Text, Computed(SEARCHED, persisted=True)),
    # What follows is kept by scoring; scored_on is empty when the score has to be made anew.
    needed("score", Numeric(6, 2), server_default=text("0")),
    needed("risk_class", Text, server_default=text("'laag'")),
    Column("model_version", Text),
    needed("score_version", Integer, server_default=text("0")),
    Column("last_inspection", Date),
    needed("extra_inspection", Boolean, server_default=text("false")),
    Column("scored_on", Date),
    CheckConstraint("risk_class IN ('hoog', 'midden', 'laag')", name="location_risk_class"),
)
Index("location_by_score", location.c.score.desc(), location.c.id.desc())
Index(
    "location_participant_score",
    location.c.participant,
    location.c.score.desc(),
    location.c.id.desc(),
)
Index("location_rd", location.c.rd_x, location.c.rd_y)
Index("location_scored_on", location.c.scored_on)
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

# `version` is the newest that was heard of; `outcome_version` that of the assessment. Events about
# one complaint may come in another order when it was moved to another location.
complaint = Table(
    "complaint",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("version", Integer),
    Column("location_id", Uuid),
    needed("number", Text),
    needed("category", Text),
    moment("received_at", nullable=False),
    Column("outcome", Text),
    needed("outcome_version", Integer, server_default=text("0")),
    moment("closed_at"),
)
Index("complaint_location", complaint.c.location_id, complaint.c.received_at)

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
)
Index("measure_location", measure.c.location_id)

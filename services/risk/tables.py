"""The tables of risk: locations, models, the facts that other services tell, and scores."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.db.numbers import BLOCK
from shared.http.idempotency import idempotency_table
from shared.messaging.tables import messaging_tables
from shared.rebuild.tables import rebuild_table
from shared.webhooks.tables import subscription_tables

metadata = MetaData()
messaging = messaging_tables(metadata)
subscriptions = subscription_tables(metadata)
idempotency = idempotency_table(metadata)
rebuild = rebuild_table(metadata)

location_number = Sequence("location_number", increment=BLOCK, metadata=metadata)


def _needed(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *more, nullable=False, **options)


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **options)


SEARCHED = (
    "lower(name || ' ' || number || ' ' || coalesce(street, '') || ' ' || "
    "coalesce(house_number, '') || ' ' || coalesce(postcode, '') || ' ' || coalesce(city, ''))"
)

location = Table(
    "location",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("version", Integer, server_default=text("1")),
    _needed("number", Text, unique=True),
    Column("source_key", Text, unique=True),
    _needed("name", Text),
    Column("street", Text),
    Column("house_number", Text),
    Column("postcode", Text),
    Column("city", Text),
    _needed("participant", Text),
    _needed("lon", Double),
    _needed("lat", Double),
    _needed("rd_x", Double),
    _needed("rd_y", Double),
    _needed("activities", ARRAY(Text), server_default=text("'{}'")),
    Column("core_activity", Text),
    _needed("active", Boolean, server_default=text("true")),
    _moment("changed_at", nullable=False, server_default=func.now()),
    Column("search_text", Text, Computed(SEARCHED, persisted=True)),
    # What follows is kept by scoring; scored_on is empty when the score has to be made anew.
    _needed("score", Numeric(6, 2), server_default=text("0")),
    _needed("risk_class", Text, server_default=text("'laag'")),
    Column("model_version", Text),
    _needed("score_version", Integer, server_default=text("0")),
    Column("last_inspection", Date),
    _needed("extra_inspection", Boolean, server_default=text("false")),
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
    _needed("name", Text),
    Column("first_article", Text),
    _needed("permit", Text),
    Column("remark", Text),
    _needed("in_force", Boolean),
)

risk_model = Table(
    "risk_model",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("version", Integer, server_default=text("1")),
    _needed("model_version", Text, unique=True),
    _needed("description", Text),
    _needed("state", Text),
    _needed("parameters", JSONB),
    _needed("confirmed", Boolean, server_default=text("false")),
    Column("decision_reference", Text),
    _needed("author", Text),
    Column("activated_by", Text),
    _moment("activated_at"),
    _moment("retired_at"),
    CheckConstraint("state IN ('concept', 'actief', 'vervallen')", name="risk_model_state"),
    CheckConstraint("activated_by <> author", name="risk_model_four_eyes"),
)
Index(
    "risk_model_one_active",
    risk_model.c.state,
    unique=True,
    postgresql_where=text("state = 'actief'"),
)

# `version` is the newest that was heard of; `outcome_version` that of the assessment. Events about
# one complaint may come in another order when it was moved to another location.
complaint = Table(
    "complaint",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("version", Integer),
    Column("location_id", Uuid),
    _needed("number", Text),
    _needed("category", Text),
    _moment("received_at", nullable=False),
    Column("outcome", Text),
    _needed("outcome_version", Integer, server_default=text("0")),
    _moment("closed_at"),
)
Index("complaint_location", complaint.c.location_id, complaint.c.received_at)

inspection = Table(
    "inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("location_id", Uuid),
    _needed("number", Text),
    _needed("kind", Text),
    _needed("completed_on", Date),
    _needed("violations", Integer),
)
Index("inspection_location", inspection.c.location_id)

violation = Table(
    "violation",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("location_id", Uuid),
    _needed("number", Text),
    _needed("established_on", Date),
    _needed("nature", Text),
    Column("cell", Text),
    Column("resolved_on", Date),
)
Index("violation_location", violation.c.location_id)

measure = Table(
    "measure",
    metadata,
    Column("id", Uuid, primary_key=True),
    _needed("location_id", Uuid),
    _needed("violation_id", Uuid),
    _needed("number", Text),
    _needed("instrument", Text),
    _needed("decided_on", Date),
)
Index("measure_location", measure.c.location_id)

score = Table(
    "score",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    _needed("location_id", Uuid),
    _needed("score", Numeric(6, 2)),
    _needed("risk_class", Text),
    _needed("model_version", Text),
    _needed("terms", JSONB),
    _needed("cause", Text),
    Column("cause_event", Uuid),
    _moment("scored_at", nullable=False),
)
Index("score_location", score.c.location_id, score.c.seq.desc())

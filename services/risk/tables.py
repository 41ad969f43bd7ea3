"""The tables of risk: locations, models, the facts that other services tell, and scores."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

from shared.http.idempotency import idempotency_table
from shared.messaging.tables import messaging_tables
from shared.numbers import BLOCK

metadata = MetaData()
messaging = messaging_tables(metadata)
idempotency = idempotency_table(metadata)

location_number = Sequence("location_number", increment=BLOCK, metadata=metadata)

location = Table(
    "location",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("number", Text, nullable=False, unique=True),
    Column("source_key", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("street", Text),
    Column("house_number", Text),
    Column("postcode", Text),
    Column("city", Text),
    Column("participant", Text, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("rd_x", Double, nullable=False),
    Column("rd_y", Double, nullable=False),
    Column("activities", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("core_activity", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("score", Numeric(6, 2), nullable=False, server_default=text("0")),
    Column("risk_class", Text, nullable=False, server_default=text("'laag'")),
    Column("model_version", Text),
    Column("scored_at", DateTime(timezone=True)),
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

activity = Table(
    "activity",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("first_article", Text, nullable=False),
    Column("permit", Text, nullable=False),
    Column("law_date", Date, nullable=False),
)

risk_model = Table(
    "risk_model",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("model_version", Text, nullable=False, unique=True),
    Column("description", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    Column("decision_reference", Text),
    Column("author", Text, nullable=False),
    Column("activated_by", Text),
    Column("activated_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('concept', 'actief', 'vervallen')", name="risk_model_state"),
    CheckConstraint("activated_by IS NULL OR activated_by <> author", name="risk_model_four_eyes"),
)
Index(
    "risk_model_one_active",
    risk_model.c.state,
    unique=True,
    postgresql_where=text("state = 'actief'"),
)

complaint = Table(
    "complaint",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text),
    Column("closed_at", DateTime(timezone=True)),
)
Index("complaint_location", complaint.c.location_id, complaint.c.received_at)

inspection = Table(
    "inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("location_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("completed_on", Date, nullable=False),
    Column("violations", Integer, nullable=False),
)
Index("inspection_location", inspection.c.location_id)

violation = Table(
    "violation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("location_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("established_on", Date, nullable=False),
    Column("nature", Text, nullable=False),
    Column("cell", Text),
    Column("sanctioned_on", Date),
    Column("resolved_on", Date),
)
Index("violation_location", violation.c.location_id)

score = Table(
    "score",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("location_id", Uuid, nullable=False),
    Column("score", Numeric(6, 2), nullable=False),
    Column("risk_class", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("terms", JSONB, nullable=False),
    Column("cause_event", Text, nullable=False),
    Column("scored_at", DateTime(timezone=True), nullable=False),
)
Index("score_location", score.c.location_id, score.c.seq.desc())

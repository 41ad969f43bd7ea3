"""The score of each location by each model in use, and the history of scores."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.risk.metadata import metadata
from shared.db.columns import moment, needed

# By the model that is active, and by the one that is to be: it scores everything before it shows.
location_score = Table(
    "location_score",
    metadata,
    Column("model_id", Uuid, primary_key=True),
    Column("location_id", Uuid, primary_key=True),
    # Kept in step with the location, so that lists and programmes are ordered by one index.
    needed("participant", Text),
    needed("active", Boolean),
    needed("score", Numeric(6, 2)),
    needed("risk_class", Text),
    needed("extra_inspection", Boolean, server_default=text("false")),
    moment("scored_at"),
    CheckConstraint("risk_class IN ('hoog', 'midden', 'laag')", name="location_score_class"),
)
_highest_first = (location_score.c.score.desc(), location_score.c.location_id.desc())
Index("location_score_highest", location_score.c.model_id, *_highest_first)
Index(
    "location_score_participant",
    location_score.c.model_id,
    location_score.c.participant,
    *_highest_first,
)
Index(
    "location_score_class_highest",
    location_score.c.model_id,
    location_score.c.risk_class,
    *_highest_first,
)
Index(
    "location_score_extra",
    location_score.c.model_id,
    *_highest_first,
    postgresql_where=location_score.c.extra_inspection,
)
Index("location_score_scored", location_score.c.model_id, location_score.c.scored_at)

score = Table(
    "score",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    needed("location_id", Uuid),
    needed("score", Numeric(6, 2)),
    needed("risk_class", Text),
    needed("model_version", Text),
    needed("terms", JSONB),
    needed("cause", Text),
    Column("cause_event", Uuid),
    moment("scored_at"),
)
Index("score_location", score.c.location_id, score.c.seq.desc())

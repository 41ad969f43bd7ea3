"""The history of scores."""

from sqlalchemy import BigInteger, Column, Identity, Index, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.risk.metadata import metadata, moment, needed

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
    moment("scored_at", nullable=False),
)
Index("score_location", score.c.location_id, score.c.seq.desc())

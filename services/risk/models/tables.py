"""Risk models: every version with its parameters."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.risk.metadata import metadata, moment, needed

risk_model = Table(
    "risk_model",
    metadata,
    Column("id", Uuid, primary_key=True),
    needed("version", Integer, server_default=text("1")),
    needed("model_version", Text, unique=True),
    needed("description", Text),
    needed("state", Text),
    needed("parameters", JSONB),
    needed("confirmed", Boolean, server_default=text("false")),
    Column("decision_reference", Text),
    needed("author", Text),
    Column("activated_by", Text),
    moment("activated_at"),
    moment("retired_at"),
    CheckConstraint("state IN ('concept', 'actief', 'vervallen')", name="risk_model_state"),
    CheckConstraint("activated_by <> author", name="risk_model_four_eyes"),
)
Index(
    "risk_model_one_active",
    risk_model.c.state,
    unique=True,
    postgresql_where=text("state = 'actief'"),
)

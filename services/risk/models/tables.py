"""Risk models: every version with its parameters."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.risk.metadata import metadata
from shared.db.columns import moment, needed

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
    moment("activated_at", nullable=True),
    moment("retired_at", nullable=True),
    # How far all locations were scored: with a model that is to be active, or to tell of one.
    Column("scored_to", Uuid),
    needed("told", Boolean, server_default=text("true")),
    # Scores that are older are made anew.
    moment("anew_since", nullable=True),
    CheckConstraint(
        "state IN ('concept', 'in doorrekening', 'actief', 'vervallen')", name="risk_model_state"
    ),
    CheckConstraint("activated_by <> author", name="risk_model_four_eyes"),
)
Index(
    "risk_model_one_active",
    risk_model.c.state,
    unique=True,
    postgresql_where=text("state = 'actief'"),
)
Index(
    "risk_model_one_preparing",
    risk_model.c.state,
    unique=True,
    postgresql_where=text("state = 'in doorrekening'"),
)

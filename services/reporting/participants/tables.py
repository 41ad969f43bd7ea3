"""The participants of the agency."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Table,
    Text,
)

from services.reporting.metadata import (
    metadata,
)

participant = Table(
    "participant",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("left_on", Date),
    CheckConstraint("kind IN ('gemeente', 'provincie')", name="participant_kind"),
)

"""The participants of the agency: reporting owns them, and tells the other services."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, text

from services.reporting.metadata import metadata
from shared.db.columns import version
from shared.db.schema import after_tables

# `version` counts the changes, by a trigger: seeds and operators write rows themselves.
participant = Table(
    "participant",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("left_on", Date),
    version(),
    Column("told_version", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("kind IN ('gemeente', 'provincie')", name="participant_kind"),
)
Index(
    "participant_untold",
    participant.c.code,
    postgresql_where=text("told_version < version"),
)
after_tables(
    metadata,
    """
CREATE FUNCTION participant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version = OLD.version + 1;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER participant_changed BEFORE UPDATE ON participant FOR EACH ROW
    WHEN ((OLD.name, OLD.joined_on, OLD.left_on)
          IS DISTINCT FROM (NEW.name, NEW.joined_on, NEW.left_on))
    EXECUTE FUNCTION participant_changed()
""",
)

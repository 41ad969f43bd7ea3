"""Indexes of a complaint's location, incident and source hold only the complaints that have one."""

from alembic import op

revision = "0004"
down_revision = "0003"

# Name, kind, columns, and the column that says whether a complaint is held.
PARTIAL = (
    ("complaint_location", "INDEX", "location_id, received_at", "location_id"),
    ("complaint_incident", "INDEX", "incident_id", "incident_id"),
    ("complaint_source_key", "UNIQUE INDEX", "source_key", "source_key"),
)


def upgrade() -> None:
    op.execute("ALTER TABLE complaint DROP CONSTRAINT IF EXISTS complaint_source_key")
    for name, kind, columns, held in PARTIAL:
        op.execute(f"DROP INDEX IF EXISTS {name}")
        op.execute(f"CREATE {kind} {name} ON complaint ({columns}) WHERE {held} IS NOT NULL")

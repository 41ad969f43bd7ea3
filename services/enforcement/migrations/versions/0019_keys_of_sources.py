"""A location is found by its key in the system that it came from."""

from alembic import op

from shared.db.revisions import build_concurrently

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute("ALTER TABLE location ADD COLUMN IF NOT EXISTS source_key TEXT")
    build_concurrently("location_source_key", "location (source_key) WHERE source_key IS NOT NULL")

"""A case is found by its key in the system that it came from."""

from alembic import op

from shared.db.revisions import build_concurrently

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute("ALTER TABLE case_file ADD COLUMN IF NOT EXISTS source_key TEXT")
    build_concurrently(
        "case_file_source_key", "case_file (source_key) WHERE source_key IS NOT NULL"
    )

"""A finding that is corrected before it is final stays, under its version."""

from shared.db.revisions import build_concurrently, execute_file

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    execute_file(__file__)
    build_concurrently("finding_version", "finding (inspection_id, sequence, version)", unique=True)

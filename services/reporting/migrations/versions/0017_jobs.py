"""Long work: queued in the commit that asks for it, leased by a worker, retried and followed."""

from shared.db.revisions import execute_file

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    execute_file(__file__)

"""Sequences count by one, so that a crash of PostgreSQL skips 32 numbers and not 32 blocks."""

from shared.db.revisions import execute_file

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    execute_file(__file__)

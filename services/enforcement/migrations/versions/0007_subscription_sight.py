"""A subscription says whose events it gives: everybody's in so many words, or whose."""

from shared.db.revisions import execute_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    execute_file(__file__)

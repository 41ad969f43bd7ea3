"""The seeds that were put in, as they were shipped (ADR 26)."""

from shared.db.revisions import execute_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    execute_file(__file__)

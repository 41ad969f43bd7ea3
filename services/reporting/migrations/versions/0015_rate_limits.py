"""Counts of limits, for all processes of the service together."""

from shared.db.revisions import execute_file

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    execute_file(__file__)

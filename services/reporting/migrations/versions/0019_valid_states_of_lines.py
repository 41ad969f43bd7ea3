"""The states of the hour lines that were there are checked while hours are booked."""

from shared.db.revisions import execute_file

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    execute_file(__file__)

"""A letter is sent by a job with its id: those that wait or failed get theirs."""

from shared.db.revisions import execute_file

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    execute_file(__file__)

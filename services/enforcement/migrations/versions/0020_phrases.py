"""A phrase is found by its index for who sees the rows of some participants too."""

from shared.db.revisions import execute_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    execute_file(__file__)

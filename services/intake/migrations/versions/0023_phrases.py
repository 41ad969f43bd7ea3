"""A phrase is found by its index for who sees the rows of some participants too."""

from shared.db.revisions import execute_file

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    execute_file(__file__)

"""Which key the data were wrapped with, so that a wrong key beside them is refused."""

from shared.db.revisions import execute_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    execute_file(__file__)

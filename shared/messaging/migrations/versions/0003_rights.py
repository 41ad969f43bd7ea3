"""The owner of the log is not who uses it, and what was published stays."""

from shared.db.revisions import execute_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    execute_file(__file__)

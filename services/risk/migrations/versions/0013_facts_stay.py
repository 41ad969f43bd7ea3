"""Facts and the history of scores are added, never changed or removed."""

from shared.db.revisions import execute_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    execute_file(__file__)

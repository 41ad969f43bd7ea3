"""What was taken over of each row of an import, so that a changed one is seen."""

from shared.db.revisions import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file(__file__)

"""A rebuild is a job: the requests and what came of them go there."""

from shared.db.revisions import execute_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    execute_file(__file__)

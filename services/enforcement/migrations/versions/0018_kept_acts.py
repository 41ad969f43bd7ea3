"""What was found, chosen and announced is kept when something else comes in its place."""

from shared.db.revisions import execute_file

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    execute_file(__file__)

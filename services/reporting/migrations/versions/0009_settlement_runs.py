"""A year is settled in one run by one set of versions; the participants are its children."""

from shared.db.revisions import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file(__file__)

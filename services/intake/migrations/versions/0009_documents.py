"""The answer to a complainant is kept as a document."""

from shared.db.revisions import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file(__file__)

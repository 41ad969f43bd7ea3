"""A month is a row that writers of hours lock, and a closed one refuses hours by itself."""

from shared.db.revisions import execute_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    execute_file(__file__)

"""A participant counts its changes, and how far the other services were told of them."""

from shared.db.revisions import execute_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    execute_file(__file__)

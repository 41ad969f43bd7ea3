"""Locations and models are there for good: facts and scores name them."""

from shared.db.revisions import execute_file

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    execute_file(__file__)

"""Figures that were measured, planned, proposed or settled are kept as they were."""

from shared.db.revisions import execute_file

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    execute_file(__file__)

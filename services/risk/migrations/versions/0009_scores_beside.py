"""Scores stand beside their model, and facts are added and corrected.

The scores that are there belong to the active model. What was told before is read again from the
log: its corrections were not heard.
"""

from shared.db.revisions import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file(__file__)

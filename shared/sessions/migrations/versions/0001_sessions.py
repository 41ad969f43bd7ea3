"""Sessions of the screens, and what was typed when one had ended."""

from shared.db.revisions import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(__file__)

"""The feed of events and the webhook subscriptions."""

from shared.db.revisions import execute_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    execute_file(__file__)

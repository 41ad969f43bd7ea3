"""The feed of events and the webhook subscriptions."""

from alembic import op

from shared.webhooks import schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    schema.create(op.get_bind())

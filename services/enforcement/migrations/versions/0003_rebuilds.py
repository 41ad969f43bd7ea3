"""The rebuilds of projections."""

from alembic import op

from shared.rebuild import schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    schema.create(op.get_bind())

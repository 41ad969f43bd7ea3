"""The tables of enforcement, and its policy data: example values until an agency adopts its own."""

from alembic import op

from services.enforcement.migrations import seeds
from services.enforcement.tables import (
    aspect,
    mandate,
    matrix,
    policy,
    topic,
)
from shared.db.revisions import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(__file__)
    op.bulk_insert(topic, seeds.topics())
    op.bulk_insert(aspect, seeds.aspects())
    op.bulk_insert(policy, [seeds.POLICY])
    op.bulk_insert(matrix, [seeds.matrix()])
    op.bulk_insert(mandate, seeds.mandates())

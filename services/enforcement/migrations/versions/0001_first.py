"""The tables of enforcement, and its policy data: example values until an agency adopts its own."""

from alembic import op
from sqlalchemy.schema import CreateSequence, CreateTable

from services.enforcement.migrations import seeds
from services.enforcement.tables import (
    aspect,
    inspection_number,
    mandate,
    matrix,
    measure_number,
    metadata,
    policy,
    topic,
    violation_number,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    for sequence in (inspection_number, violation_number, measure_number):
        op.execute(CreateSequence(sequence))
    for table in metadata.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(op.get_bind())
    op.bulk_insert(topic, seeds.topics())
    op.bulk_insert(aspect, seeds.aspects())
    op.bulk_insert(policy, [seeds.POLICY])
    op.bulk_insert(matrix, [seeds.matrix()])
    op.bulk_insert(mandate, seeds.mandates())

"""The tables of reporting, the participants, and example values until an agency adopts its own."""

from alembic import op
from sqlalchemy.schema import CreateTable

from services.reporting.migrations import seeds
from services.reporting.tables import (
    metadata,
    norm,
    parameter,
    participant,
    product,
    product_rule,
    sharing_key,
    tariff,
)
from services.reporting.tables.base import TEXT_RANGE

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(TEXT_RANGE)
    for table in metadata.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(op.get_bind())
    op.bulk_insert(participant, seeds.participants())
    op.bulk_insert(product, seeds.products())
    op.bulk_insert(product_rule, seeds.rules())
    op.bulk_insert(norm, seeds.norms())
    op.bulk_insert(tariff, seeds.tariffs())
    op.bulk_insert(sharing_key, seeds.keys())
    op.bulk_insert(parameter, seeds.parameters())

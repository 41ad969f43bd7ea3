"""The tables of reporting, the participants, and example values until an agency adopts its own."""

from alembic import op

from services.reporting.migrations import seeds
from services.reporting.tables import (
    norm,
    parameter,
    participant,
    product,
    product_rule,
    sharing_key,
    tariff,
)
from shared.db.revisions import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(__file__)
    op.bulk_insert(participant, seeds.participants())
    op.bulk_insert(product, seeds.products())
    op.bulk_insert(product_rule, seeds.rules())
    op.bulk_insert(norm, seeds.norms())
    op.bulk_insert(tariff, seeds.tariffs())
    op.bulk_insert(sharing_key, seeds.keys())
    op.bulk_insert(parameter, seeds.parameters())

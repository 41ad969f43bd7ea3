"""The tables of risk, the activities of the Bal, and an example model nobody has adopted yet."""

from alembic import op
from sqlalchemy.schema import CreateSequence, CreateTable

from services.risk.migrations import seeds
from services.risk.tables import activity, location_number, metadata, risk_model

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(CreateSequence(location_number))
    for table in metadata.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(op.get_bind())
    op.bulk_insert(activity, seeds.activities())
    op.bulk_insert(risk_model, [seeds.example_model()])

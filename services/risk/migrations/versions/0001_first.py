"""The tables of risk, the activities of the Bal, and an example model nobody has adopted yet."""

from alembic import op

from services.risk.locations.tables import activity
from services.risk.migrations import seeds
from services.risk.models.tables import risk_model
from shared.db.revisions import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(__file__)
    op.bulk_insert(activity, seeds.activities())
    op.bulk_insert(risk_model, [seeds.example_model()])

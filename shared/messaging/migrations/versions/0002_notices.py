"""The topics of notices that an event was parked."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"

TOPIC = """
INSERT INTO event_head (topic, partition) SELECT :topic, generate_series(0, 5)
ON CONFLICT DO NOTHING
"""
TOPICS = ("vth.intake.v1.dlq", "vth.risk.v1.dlq", "vth.enforcement.v1.dlq", "vth.reporting.v1.dlq")


def upgrade() -> None:
    for topic in TOPICS:
        op.execute(text(TOPIC).bindparams(topic=topic))


def downgrade() -> None:
    for topic in TOPICS:
        op.execute(text("DELETE FROM event_log WHERE topic = :topic").bindparams(topic=topic))
        op.execute(text("DELETE FROM event_head WHERE topic = :topic").bindparams(topic=topic))

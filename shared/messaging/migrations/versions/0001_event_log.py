"""The event log and the topics of the services."""

from alembic import op
from sqlalchemy import text

from shared.db.revisions import execute_file

revision = "0001"
down_revision = None

TOPIC = """
INSERT INTO event_head (topic, partition) SELECT :topic, generate_series(0, 5)
ON CONFLICT DO NOTHING
"""
TOPICS = ("vth.intake.v1", "vth.risk.v1", "vth.enforcement.v1", "vth.reporting.v1")


def upgrade() -> None:
    execute_file(__file__)
    for topic in TOPICS:
        op.execute(text(TOPIC).bindparams(topic=topic))


def downgrade() -> None:
    op.execute("DROP FUNCTION event_append")
    op.execute("DROP VIEW event_lock")
    for table in ("event_member", "event_position", "event_head", "event_log"):
        op.execute(f"DROP TABLE {table}")

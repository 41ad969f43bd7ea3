"""The event log and the topics of the services."""

from alembic import op
from sqlalchemy import text

from shared.contracts.registry import topic_of
from shared.messaging.postgres_schema import SCHEMA

revision = "0001"
down_revision = None

TOPIC = """
INSERT INTO event_head (topic, partition) SELECT :topic, generate_series(0, 5)
ON CONFLICT DO NOTHING
"""
SERVICES = ("intake", "risk", "enforcement", "reporting")


def upgrade() -> None:
    for statement in SCHEMA:
        op.execute(text(statement))
    for service in SERVICES:
        op.execute(text(TOPIC).bindparams(topic=topic_of(service)))


def downgrade() -> None:
    op.execute("DROP FUNCTION event_append")
    op.execute("DROP VIEW event_lock")
    for table in ("event_member", "event_position", "event_head", "event_log"):
        op.execute(f"DROP TABLE {table}")

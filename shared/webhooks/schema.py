"""What a migration of a service runs: the tables, the one row of the feed, and its trigger."""

from typing import Final

from sqlalchemy import Connection, MetaData, text

from shared.webhooks.tables import subscription_tables

# Whoever purges the outbox, the feed knows: a reader behind this place missed something.
_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION event_feed_purged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE event_feed SET purged = gone.seq
    FROM (SELECT max(seq) AS seq FROM removed) AS gone WHERE gone.seq > purged;
    RETURN NULL;
END
$$
"""
_TRIGGER: Final = """
CREATE OR REPLACE TRIGGER outbox_purged AFTER DELETE ON outbox
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION event_feed_purged()
"""
# What was purged before there was a feed is gone: everything below the oldest event.
_ROW: Final = """
INSERT INTO event_feed (purged)
SELECT coalesce(
    (SELECT min(seq) - 1 FROM outbox),
    pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')::regclass),
    0
)
ON CONFLICT DO NOTHING
"""


def create(connection: Connection) -> None:
    """Create what is missing; the first migration of a new database made the tables already."""
    metadata = MetaData()
    subscription_tables(metadata)
    metadata.create_all(connection, checkfirst=True)
    for statement in (_FUNCTION, _TRIGGER, _ROW):
        connection.execute(text(statement))

"""What a metadata cannot say of the feed: the trigger on the outbox, and its one row.

An installation gets them by a revision; here they belong to the metadata, so that a test can
compare what the code means with what the revisions made.
"""

from typing import Final

from sqlalchemy import MetaData

from shared.db.schema import after_tables

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
_ROW: Final = "INSERT INTO event_feed (purged) VALUES (0) ON CONFLICT DO NOTHING"


def complete(metadata: MetaData) -> None:
    """Let `create_all` of this metadata make what the feed needs beside its tables."""
    after_tables(metadata, _FUNCTION, _TRIGGER, _ROW)

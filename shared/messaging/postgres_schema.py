"""The tables and the append function of the log in PostgreSQL.

Appending locks the head row of each partition it touches until commit, so offsets become visible
in order and without gaps: no reader can skip a late commit.
"""

from collections.abc import Iterable
from typing import Final

import asyncpg

from shared.messaging.partitioner import PARTITIONS

LOG_CHANNEL: Final = "vth_log"
GROUP_CHANNEL: Final = "vth_group"

_LOG = """
CREATE TABLE IF NOT EXISTS event_log (
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    key text NOT NULL,
    headers json NOT NULL,
    value bytea NOT NULL,
    appended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, "offset")
)
"""

_HEAD = """
CREATE TABLE IF NOT EXISTS event_head (
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50)
"""

_POSITION = """
CREATE TABLE IF NOT EXISTS event_position (
    group_name text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_name, topic, partition)
) WITH (fillfactor = 50)
"""

_MEMBER = """
CREATE TABLE IF NOT EXISTS event_member (
    group_name text NOT NULL,
    pid int NOT NULL,
    name text NOT NULL,
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_name, pid)
) WITH (fillfactor = 50)
"""

_LOCK = """
CREATE OR REPLACE VIEW event_lock AS
SELECT classid, objid, pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_APPEND = """
CREATE OR REPLACE FUNCTION event_append(
    topics text[], partitions int[], keys text[], headers text[], payloads bytea[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    touched int;
    locked int;
BEGIN
    SELECT count(*) INTO touched
    FROM (SELECT DISTINCT * FROM unnest(topics, partitions)) AS t;
    PERFORM 1 FROM event_head AS h
    WHERE (h.topic, h.partition) IN (SELECT * FROM unnest(topics, partitions))
    ORDER BY h.topic, h.partition
    FOR UPDATE;
    GET DIAGNOSTICS locked = ROW_COUNT;
    IF locked < touched THEN
        RAISE EXCEPTION 'a topic does not exist' USING ERRCODE = 'undefined_object';
    END IF;
    INSERT INTO event_log (topic, partition, "offset", key, headers, value)
    SELECT i.topic, i.partition,
           h.next_offset - 1 + row_number() OVER (PARTITION BY i.topic, i.partition ORDER BY i.at),
           i.key, i.headers::json, i.payload
    FROM unnest(topics, partitions, keys, headers, payloads)
         WITH ORDINALITY AS i(topic, partition, key, headers, payload, at)
    JOIN event_head AS h ON h.topic = i.topic AND h.partition = i.partition;
    UPDATE event_head AS h SET next_offset = h.next_offset + n.added
    FROM (
        SELECT t.topic, t.partition, count(*) AS added
        FROM unnest(topics, partitions) AS t(topic, partition) GROUP BY 1, 2
    ) AS n
    WHERE h.topic = n.topic AND h.partition = n.partition;
    PERFORM pg_notify('vth_log', t.topic) FROM (SELECT DISTINCT unnest(topics) AS topic) AS t;
END
$$
"""

SCHEMA: Final = (_LOG, _HEAD, _POSITION, _MEMBER, _LOCK, _APPEND)

ADD_TOPIC: Final = """
INSERT INTO event_head (topic, partition) SELECT $1, generate_series(0, $2::int - 1)
ON CONFLICT DO NOTHING
"""


async def create_schema(connection: asyncpg.Connection) -> None:
    """Create what is missing; may be run by several processes at once, and again."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('event_log'))")
        for statement in SCHEMA:
            await connection.execute(statement)


async def create_topics(
    connection: asyncpg.Connection, topics: Iterable[str], partitions: int = PARTITIONS
) -> None:
    """Create the topics that are missing; topics never appear by themselves."""
    for topic in topics:
        await connection.execute(ADD_TOPIC, topic, partitions)

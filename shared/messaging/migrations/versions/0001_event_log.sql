CREATE TABLE IF NOT EXISTS event_log (
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    key text NOT NULL,
    headers json NOT NULL,
    value bytea NOT NULL,
    appended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, "offset")
);

CREATE TABLE IF NOT EXISTS event_head (
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS event_position (
    group_name text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_name, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS event_member (
    group_name text NOT NULL,
    pid int NOT NULL,
    name text NOT NULL,
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_name, pid)
) WITH (fillfactor = 50);

CREATE OR REPLACE VIEW event_lock AS
SELECT classid, objid, pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

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
$$;

CREATE TABLE IF NOT EXISTS event_feed (
    single BOOLEAN DEFAULT true NOT NULL,
    decided BIGINT DEFAULT 0 NOT NULL,
    purged BIGINT DEFAULT 0 NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (single),
    CONSTRAINT event_feed_one_row CHECK (single)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS subscription (
    id UUID NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    types TEXT[],
    participants TEXT[],
    wrapped_key BYTEA,
    sealed_token BYTEA,
    sealed_signing_key BYTEA,
    state TEXT NOT NULL,
    state_reason TEXT,
    position BIGINT NOT NULL,
    per_minute INTEGER,
    failures INTEGER DEFAULT 0 NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    next_attempt_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT subscription_state CHECK (state IN ('aangevraagd', 'actief', 'opgeschort', 'beeindigd'))
);

CREATE INDEX IF NOT EXISTS subscription_owner ON subscription (owner);

CREATE TABLE IF NOT EXISTS subscription_attempt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    subscription_id UUID NOT NULL,
    kind TEXT NOT NULL,
    seq BIGINT,
    event_id UUID,
    event_type TEXT,
    number INTEGER NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    delivered BOOLEAN NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT subscription_attempt_kind CHECK (kind IN ('handdruk', 'aflevering', 'niet meer bewaard')),
    FOREIGN KEY(subscription_id) REFERENCES subscription (id) ON DELETE CASCADE
);

CREATE INDEX IF NOT EXISTS subscription_attempt_at ON subscription_attempt USING brin (attempted_at);

CREATE INDEX IF NOT EXISTS subscription_attempt_log ON subscription_attempt (subscription_id, id);

CREATE OR REPLACE FUNCTION event_feed_purged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE event_feed SET purged = gone.seq
    FROM (SELECT max(seq) AS seq FROM removed) AS gone WHERE gone.seq > purged;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER outbox_purged AFTER DELETE ON outbox
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION event_feed_purged();

INSERT INTO event_feed (purged)
SELECT coalesce(
    (SELECT min(seq) - 1 FROM outbox),
    pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')::regclass),
    0
)
ON CONFLICT DO NOTHING;

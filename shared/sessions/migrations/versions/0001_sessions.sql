-- The tables belong to vth_sessions_owner, which runs this; vth_sessions uses them.
GRANT USAGE ON SCHEMA public TO vth_sessions_all;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_sessions_all;
GRANT SELECT ON alembic_version TO vth_sessions_all;

-- `id` is a digest of the cookie, `sealed` (the tokens) opens with a key made from the cookie alone.
CREATE TABLE web_session (
    id bytea PRIMARY KEY,
    subject text NOT NULL,
    provider_session text NOT NULL,
    sealed bytea,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text,
    refreshing_until timestamptz,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK (ended_at IS NULL OR sealed IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX web_session_subject ON web_session (subject);
CREATE INDEX web_session_provider ON web_session (provider_session);
CREATE INDEX web_session_expires ON web_session (expires_at);

-- What was typed after a session had ended: one for each session, sealed with a cookie of its own.
CREATE TABLE draft (
    session_id bytea PRIMARY KEY REFERENCES web_session (id) ON DELETE CASCADE,
    id bytea NOT NULL UNIQUE,
    sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX draft_expires ON draft (expires_at);

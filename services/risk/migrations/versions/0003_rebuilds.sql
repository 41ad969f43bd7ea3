CREATE TABLE IF NOT EXISTS rebuild (
    id UUID NOT NULL,
    projection TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT DEFAULT '' NOT NULL,
    done BIGINT DEFAULT 0 NOT NULL,
    total BIGINT DEFAULT 0 NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    error TEXT,
    PRIMARY KEY (id),
    CONSTRAINT rebuild_state CHECK (state IN ('aangevraagd', 'loopt', 'klaar', 'mislukt')),
    CONSTRAINT rebuild_open CHECK ((state IN ('aangevraagd', 'loopt')) = (finished_at IS NULL))
);

CREATE UNIQUE INDEX IF NOT EXISTS rebuild_one_open ON rebuild ((finished_at IS NULL)) WHERE finished_at IS NULL;

CREATE INDEX IF NOT EXISTS rebuild_requested ON rebuild (requested_at);

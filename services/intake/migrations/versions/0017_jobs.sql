CREATE TABLE job (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT,
    description TEXT NOT NULL,
    parameters JSONB DEFAULT '{}'::jsonb NOT NULL,
    recurring BOOLEAN DEFAULT false NOT NULL,
    state TEXT DEFAULT 'wacht' NOT NULL,
    position JSONB,
    step TEXT DEFAULT '' NOT NULL,
    done BIGINT DEFAULT 0 NOT NULL,
    total BIGINT DEFAULT 0 NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    result TEXT,
    error TEXT,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    lease UUID,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancelled_by TEXT,
    PRIMARY KEY (id),
    CONSTRAINT job_state CHECK (state IN ('wacht', 'loopt', 'wacht op nieuwe poging', 'mislukt', 'klaar', 'geannuleerd')),
    CONSTRAINT job_ended CHECK ((state IN ('mislukt', 'klaar', 'geannuleerd')) = (finished_at IS NOT NULL)),
    CONSTRAINT job_leased CHECK ((state = 'loopt') = (lease IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX job_available ON job (available_at) WHERE finished_at IS NULL;

CREATE INDEX job_by_state ON job (state, requested_at, id);

CREATE UNIQUE INDEX job_one_open ON job (kind, key) WHERE finished_at IS NULL AND key IS NOT NULL;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE SEQUENCE location_number INCREMENT BY 50;

CREATE TABLE activity (
    law_date DATE NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    first_article TEXT,
    permit TEXT NOT NULL,
    remark TEXT,
    in_force BOOLEAN NOT NULL,
    PRIMARY KEY (law_date, code)
);

CREATE TABLE complaint (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    location_id UUID,
    number TEXT NOT NULL,
    category TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome TEXT,
    outcome_version INTEGER DEFAULT 0 NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE INDEX complaint_location ON complaint (location_id, received_at);

CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (caller, key)
);

CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id UUID NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id)
);

CREATE INDEX inbox_handled_at ON inbox USING brin (handled_at);

CREATE TABLE inspection (
    id UUID NOT NULL,
    location_id UUID NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    completed_on DATE NOT NULL,
    violations INTEGER NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX inspection_location ON inspection (location_id);

CREATE TABLE location (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    number TEXT NOT NULL,
    source_key TEXT,
    name TEXT NOT NULL,
    street TEXT,
    house_number TEXT,
    postcode TEXT,
    city TEXT,
    participant TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    rd_x DOUBLE PRECISION NOT NULL,
    rd_y DOUBLE PRECISION NOT NULL,
    activities TEXT[] DEFAULT '{}' NOT NULL,
    core_activity TEXT,
    active BOOLEAN DEFAULT true NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    search_text TEXT GENERATED ALWAYS AS (lower(name || ' ' || number || ' ' || coalesce(street, '') || ' ' || coalesce(house_number, '') || ' ' || coalesce(postcode, '') || ' ' || coalesce(city, ''))) STORED,
    score NUMERIC(6, 2) DEFAULT 0 NOT NULL,
    risk_class TEXT DEFAULT 'laag' NOT NULL,
    model_version TEXT,
    score_version INTEGER DEFAULT 0 NOT NULL,
    last_inspection DATE,
    extra_inspection BOOLEAN DEFAULT false NOT NULL,
    scored_on DATE,
    PRIMARY KEY (id),
    CONSTRAINT location_risk_class CHECK (risk_class IN ('hoog', 'midden', 'laag')),
    UNIQUE (number),
    UNIQUE (source_key)
);

CREATE INDEX location_activities ON location USING gin (activities);

CREATE INDEX location_by_score ON location (score DESC, id DESC);

CREATE INDEX location_participant_score ON location (participant, score DESC, id DESC);

CREATE INDEX location_rd ON location (rd_x, rd_y);

CREATE INDEX location_scored_on ON location (scored_on);

CREATE INDEX location_search ON location USING gin (search_text gin_trgm_ops);

CREATE TABLE measure (
    id UUID NOT NULL,
    location_id UUID NOT NULL,
    violation_id UUID NOT NULL,
    number TEXT NOT NULL,
    instrument TEXT NOT NULL,
    decided_on DATE NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX measure_location ON measure (location_id);

CREATE TABLE outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id UUID NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    type TEXT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    headers JSONB DEFAULT '{}'::jsonb NOT NULL,
    payload BYTEA NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT outbox_pkey PRIMARY KEY (seq),
    CONSTRAINT outbox_id_key UNIQUE (id),
    CONSTRAINT outbox_payload_size CHECK (octet_length(payload) <= 900000)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL;

CREATE TABLE parked_event (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    consumer TEXT NOT NULL,
    event_id UUID NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    headers JSONB DEFAULT '{}'::jsonb NOT NULL,
    payload BYTEA NOT NULL,
    error TEXT,
    traceback TEXT,
    attempts INTEGER DEFAULT 0 NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    state TEXT DEFAULT 'parked' NOT NULL,
    discard_reason TEXT,
    actor TEXT,
    CONSTRAINT parked_event_pkey PRIMARY KEY (consumer, event_id),
    CONSTRAINT parked_event_state CHECK (state IN ('parked', 'retry', 'discarded', 'done')),
    CONSTRAINT parked_event_discard CHECK (state <> 'discarded' OR num_nulls(discard_reason, actor) = 0)
);

CREATE INDEX parked_event_open ON parked_event (consumer, topic, key, seq) WHERE state IN ('parked', 'retry');

CREATE TABLE risk_model (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    model_version TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    parameters JSONB NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    author TEXT NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    retired_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT risk_model_state CHECK (state IN ('concept', 'actief', 'vervallen')),
    CONSTRAINT risk_model_four_eyes CHECK (activated_by <> author),
    UNIQUE (model_version)
);

CREATE UNIQUE INDEX risk_model_one_active ON risk_model (state) WHERE state = 'actief';

CREATE TABLE score (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    location_id UUID NOT NULL,
    score NUMERIC(6, 2) NOT NULL,
    risk_class TEXT NOT NULL,
    model_version TEXT NOT NULL,
    terms JSONB NOT NULL,
    cause TEXT NOT NULL,
    cause_event UUID,
    scored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (seq)
);

CREATE INDEX score_location ON score (location_id, seq DESC);

CREATE TABLE violation (
    id UUID NOT NULL,
    location_id UUID NOT NULL,
    number TEXT NOT NULL,
    established_on DATE NOT NULL,
    nature TEXT NOT NULL,
    cell TEXT,
    resolved_on DATE,
    PRIMARY KEY (id)
);

CREATE INDEX violation_location ON violation (location_id);

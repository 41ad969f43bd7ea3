CREATE SEQUENCE complaint_number INCREMENT BY 50;

CREATE SEQUENCE incident_number INCREMENT BY 50;

CREATE TABLE category (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    examples TEXT DEFAULT '' NOT NULL,
    referral TEXT,
    mapping TEXT,
    position INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    CONSTRAINT category_pkey PRIMARY KEY (code, valid_from)
);

CREATE TABLE cause (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    CONSTRAINT cause_pkey PRIMARY KEY (code, valid_from)
);

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

CREATE TABLE incident (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    location_id UUID NOT NULL,
    participant TEXT,
    perpetrator TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    concluded_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    source_key TEXT,
    PRIMARY KEY (id),
    CONSTRAINT incident_number_key UNIQUE (number),
    CONSTRAINT incident_source_key UNIQUE (source_key),
    CONSTRAINT incident_state CHECK (state IN ('lopend', 'afgesloten')),
    CONSTRAINT incident_perpetrator CHECK (perpetrator IN ('gemeld', 'geverifieerd'))
);

CREATE INDEX incident_location ON incident (location_id, state);

CREATE INDEX incident_started ON incident (started_at, id);

CREATE TABLE inspection (
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    number TEXT NOT NULL,
    planned_on DATE,
    completed_on DATE,
    violations INTEGER,
    PRIMARY KEY (id)
);

CREATE INDEX inspection_incident ON inspection (incident_id);

CREATE TABLE location (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT,
    house_number TEXT,
    postcode TEXT,
    city TEXT,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    rd_x DOUBLE PRECISION NOT NULL,
    rd_y DOUBLE PRECISION NOT NULL,
    participant TEXT,
    activities TEXT[] DEFAULT '{}' NOT NULL,
    active BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX location_number ON location (number);

CREATE INDEX location_postcode ON location (postcode, house_number);

CREATE INDEX location_rd ON location (rd_x, rd_y);

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

CREATE TABLE processing (
    id UUID NOT NULL,
    complaint_id UUID NOT NULL,
    act TEXT NOT NULL,
    purpose TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT processing_act CHECK (act IN ('ingezien', 'bericht verzonden', 'gewist'))
);

CREATE INDEX processing_complaint ON processing (complaint_id, at);

CREATE TABLE term_version (
    version INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    PRIMARY KEY (version)
);

CREATE TABLE timeline_entry (
    id UUID NOT NULL,
    complaint_id UUID,
    incident_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    title TEXT NOT NULL,
    detail TEXT,
    link TEXT,
    actor TEXT,
    PRIMARY KEY (id),
    CONSTRAINT timeline_entry_subject CHECK (num_nonnulls(complaint_id, incident_id) = 1)
);

CREATE INDEX timeline_entry_complaint ON timeline_entry (complaint_id) WHERE complaint_id IS NOT NULL;

CREATE INDEX timeline_entry_incident ON timeline_entry (incident_id) WHERE incident_id IS NOT NULL;

CREATE TABLE violation (
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    number TEXT NOT NULL,
    established_on DATE NOT NULL,
    measure_on DATE,
    resolved_on DATE,
    PRIMARY KEY (id)
);

CREATE INDEX violation_incident ON violation (incident_id);

CREATE TABLE complaint (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    channel TEXT NOT NULL,
    urgency TEXT NOT NULL,
    description TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    street TEXT,
    house_number TEXT,
    postcode TEXT,
    city TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    rd_x DOUBLE PRECISION,
    rd_y DOUBLE PRECISION,
    place_description TEXT,
    supposed_source TEXT,
    participant TEXT,
    location_id UUID,
    incident_id UUID,
    handler TEXT,
    handler_name TEXT,
    anonymous BOOLEAN NOT NULL,
    wants_feedback BOOLEAN NOT NULL,
    wants_call BOOLEAN NOT NULL,
    reachable_by_mail BOOLEAN NOT NULL,
    term_version INTEGER NOT NULL,
    contact_due DATE NOT NULL,
    feedback_due DATE NOT NULL,
    first_contact_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    cause TEXT,
    explanation TEXT,
    assessed_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    within_term BOOLEAN,
    forwarded_to TEXT,
    source_key TEXT,
    work_order INTEGER GENERATED ALWAYS AS (
CASE WHEN state IN ('afgehandeld', 'doorgestuurd', 'ingetrokken')
     THEN 1000000 - ((received_at AT TIME ZONE 'UTC')::date - DATE '2000-01-01')
     WHEN first_contact_at IS NULL THEN LEAST(contact_due, feedback_due) - DATE '2000-01-01'
     ELSE feedback_due - DATE '2000-01-01' END
) STORED,
    PRIMARY KEY (id),
    CONSTRAINT complaint_number_key UNIQUE (number),
    CONSTRAINT complaint_state CHECK (state IN ('ontvangen', 'in behandeling', 'beoordeeld', 'afgehandeld', 'doorgestuurd', 'ingetrokken', 'heropend')),
    CONSTRAINT complaint_channel CHECK (channel IN ('webformulier', 'telefoon', 'e-mail', 'balie', 'meldkamer')),
    CONSTRAINT complaint_urgency CHECK (urgency IN ('normaal', 'hoog', 'spoed')),
    CONSTRAINT complaint_outcome CHECK (outcome IN ('gegrond', 'ongegrond', 'niet vast te stellen', 'ter kennisgeving')),
    CONSTRAINT complaint_description CHECK (char_length(description) <= 3000),
    FOREIGN KEY(incident_id) REFERENCES incident (id)
);

CREATE INDEX complaint_incident ON complaint (incident_id) WHERE incident_id IS NOT NULL;

CREATE INDEX complaint_location ON complaint (location_id, received_at) WHERE location_id IS NOT NULL;

CREATE INDEX complaint_participant ON complaint (participant, work_order, id);

CREATE UNIQUE INDEX complaint_source_key ON complaint (source_key) WHERE source_key IS NOT NULL;

CREATE INDEX complaint_work_order ON complaint (work_order, id);

CREATE TABLE inspection_request (
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    urgency TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT inspection_request_urgency CHECK (urgency IN ('normaal', 'hoog', 'spoed')),
    FOREIGN KEY(incident_id) REFERENCES incident (id)
);

CREATE INDEX inspection_request_incident ON inspection_request (incident_id);

CREATE TABLE term (
    version INTEGER NOT NULL,
    urgency TEXT NOT NULL,
    kind TEXT NOT NULL,
    working_days INTEGER NOT NULL,
    CONSTRAINT term_pkey PRIMARY KEY (version, urgency, kind),
    CONSTRAINT term_urgency CHECK (urgency IN ('normaal', 'hoog', 'spoed')),
    CONSTRAINT term_kind CHECK (kind IN ('ontvangstbevestiging', 'eerste contact', 'terugkoppeling')),
    CONSTRAINT term_working_days CHECK (working_days >= 0),
    FOREIGN KEY(version) REFERENCES term_version (version)
);

CREATE TABLE contact_moment (
    id UUID NOT NULL,
    complaint_id UUID NOT NULL,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT contact_moment_party CHECK (party IN ('melder', 'bedrijf', 'medeoverheid')),
    CONSTRAINT contact_moment_kind CHECK (kind IN ('telefoon', 'e-mail', 'bezoek', 'brief')),
    FOREIGN KEY(complaint_id) REFERENCES complaint (id)
);

CREATE INDEX contact_moment_complaint ON contact_moment (complaint_id, at);

CREATE TABLE outgoing_mail (
    id UUID NOT NULL,
    complaint_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT outgoing_mail_kind CHECK (kind IN ('ontvangstbevestiging', 'antwoord', 'doorzendbericht')),
    CONSTRAINT outgoing_mail_state CHECK (state IN ('wachtend', 'verzonden', 'mislukt')),
    FOREIGN KEY(complaint_id) REFERENCES complaint (id)
);

CREATE INDEX outgoing_mail_complaint ON outgoing_mail (complaint_id);

CREATE INDEX outgoing_mail_failed ON outgoing_mail (created_at) WHERE state = 'mislukt';

CREATE INDEX outgoing_mail_waiting ON outgoing_mail (next_attempt_at) WHERE state = 'wachtend';

CREATE TABLE reporter (
    complaint_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (complaint_id),
    FOREIGN KEY(complaint_id) REFERENCES complaint (id)
);

CREATE TABLE reporter_key (
    complaint_id UUID NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (complaint_id),
    FOREIGN KEY(complaint_id) REFERENCES complaint (id)
);

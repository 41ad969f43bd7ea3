CREATE SEQUENCE inspection_number INCREMENT BY 50;

CREATE SEQUENCE violation_number INCREMENT BY 50;

CREATE SEQUENCE measure_number INCREMENT BY 50;

CREATE TABLE aspect (
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    explanation TEXT,
    position INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    PRIMARY KEY (code),
    CONSTRAINT aspect_kind CHECK (kind IN ('verzwarend', 'verzachtend'))
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

CREATE TABLE inspection (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    trigger TEXT NOT NULL,
    location_id UUID NOT NULL,
    participant TEXT,
    incident_id UUID,
    incident_number TEXT,
    violation_id UUID,
    request_id UUID,
    urgency TEXT,
    inspector TEXT,
    inspector_name TEXT,
    planned_on DATE,
    completed_on DATE,
    explanation TEXT,
    source_key TEXT,
    listed_on DATE NOT NULL,
    work_order INTEGER GENERATED ALWAYS AS (CASE WHEN state = 'gepland' THEN listed_on - DATE '1990-01-01' ELSE 1000000 - (listed_on - DATE '1990-01-01') END) STORED NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT inspection_number_key UNIQUE (number),
    CONSTRAINT inspection_request_key UNIQUE (request_id),
    CONSTRAINT inspection_source_key UNIQUE (source_key),
    CONSTRAINT inspection_state CHECK (state IN ('gepland', 'uitgevoerd')),
    CONSTRAINT inspection_kind CHECK (kind IN ('periodieke controle', 'controle naar aanleiding van incident', 'hercontrole', 'themacontrole', 'administratieve controle')),
    CONSTRAINT inspection_trigger CHECK (trigger IN ('incident', 'overtreding', 'plan'))
);

CREATE INDEX inspection_incident ON inspection (incident_id) WHERE incident_id IS NOT NULL;

CREATE INDEX inspection_location ON inspection (location_id, listed_on);

CREATE INDEX inspection_violation ON inspection (violation_id) WHERE violation_id IS NOT NULL;

CREATE INDEX inspection_work_order ON inspection (work_order, id);

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
    participant TEXT,
    activities TEXT[] DEFAULT '{}' NOT NULL,
    active BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX location_number_key ON location (number);

CREATE INDEX location_postcode ON location (postcode);

CREATE TABLE mandate (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    participant TEXT NOT NULL,
    organ TEXT NOT NULL,
    function TEXT NOT NULL,
    power TEXT NOT NULL,
    article TEXT NOT NULL,
    maximum NUMERIC(14, 2),
    exclusion TEXT,
    consult_first BOOLEAN DEFAULT false NOT NULL,
    submandate BOOLEAN DEFAULT false NOT NULL,
    source TEXT,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    registered_by TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT mandate_power CHECK (power IN ('informeren', 'aanspreken', 'waarschuwing', 'bestuurlijk gesprek', 'verscherpt toezicht', 'last onder dwangsom', 'last onder bestuursdwang', 'tijdelijk stilleggen', 'bestuurlijke boete', 'schorsen vergunning', 'exploitatieverbod', 'intrekken vergunning', 'bestuurlijke strafbeschikking', 'proces-verbaal')),
    CONSTRAINT mandate_period CHECK (valid_until IS NULL OR valid_until >= valid_from)
);

CREATE INDEX mandate_listed ON mandate (participant, power, id);

CREATE TABLE matrix (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    matrix_version TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    cells JSONB NOT NULL,
    author TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT matrix_version_key UNIQUE (matrix_version),
    CONSTRAINT matrix_state CHECK (state IN ('concept', 'actief', 'vervallen')),
    CONSTRAINT matrix_four_eyes CHECK (activated_by <> author)
);

CREATE UNIQUE INDEX matrix_one_active ON matrix (state) WHERE state = 'actief';

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

CREATE TABLE policy (
    version INTEGER NOT NULL,
    hearing_days INTEGER NOT NULL,
    recidivism_months INTEGER NOT NULL,
    recidivism_match TEXT NOT NULL,
    qualifying TEXT[] NOT NULL,
    planning_days JSONB NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    PRIMARY KEY (version),
    CONSTRAINT policy_match CHECK (recidivism_match IN ('zelfde voorschrift', 'zelfde soort', 'zelfde domein'))
);

CREATE TABLE topic (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    domain TEXT NOT NULL,
    words TEXT[] DEFAULT '{}' NOT NULL,
    position INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    decision_reference TEXT,
    PRIMARY KEY (code)
);

CREATE TABLE finding (
    inspection_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    topic TEXT NOT NULL,
    result TEXT NOT NULL,
    attention_point TEXT,
    rule TEXT,
    details TEXT,
    consequence TEXT,
    behaviour TEXT,
    violation_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (inspection_id, sequence),
    CONSTRAINT finding_result CHECK (result IN ('voorschriften nageleefd', 'akkoord na aanwijzing', 'nader onderzoek noodzakelijk', 'niet akkoord, voorschriften overtreden', 'voorschriften niet van toepassing')),
    CONSTRAINT finding_consequence CHECK (consequence IN ('1', '2', '3', '4')),
    CONSTRAINT finding_behaviour CHECK (behaviour IN ('A', 'B', 'C', 'D')),
    FOREIGN KEY(inspection_id) REFERENCES inspection (id)
);

CREATE TABLE violation (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    location_id UUID NOT NULL,
    participant TEXT,
    inspection_id UUID NOT NULL,
    finding INTEGER NOT NULL,
    nature TEXT NOT NULL,
    established_on DATE NOT NULL,
    incident_id UUID,
    rule TEXT,
    details TEXT,
    consequence TEXT,
    behaviour TEXT,
    initial_cell TEXT,
    cell TEXT,
    matrix_version TEXT,
    recidivism BOOLEAN DEFAULT false NOT NULL,
    positioned_at TIMESTAMP WITH TIME ZONE,
    resolved_on DATE,
    due_on DATE,
    work_order INTEGER GENERATED ALWAYS AS (CASE WHEN state <> 'hersteld' THEN coalesce(due_on, established_on) - DATE '1990-01-01' ELSE 1000000 - (coalesce(resolved_on, established_on) - DATE '1990-01-01') END) STORED NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT violation_number_key UNIQUE (number),
    CONSTRAINT violation_state CHECK (state IN ('geconstateerd', 'gepositioneerd', 'in handhaving', 'hersteld')),
    CONSTRAINT violation_consequence CHECK (consequence IN ('1', '2', '3', '4')),
    CONSTRAINT violation_behaviour CHECK (behaviour IN ('A', 'B', 'C', 'D')),
    FOREIGN KEY(inspection_id) REFERENCES inspection (id)
);

CREATE INDEX violation_cell ON violation (cell, nature);

CREATE INDEX violation_incident ON violation (incident_id) WHERE incident_id IS NOT NULL;

CREATE INDEX violation_inspection ON violation (inspection_id);

CREATE INDEX violation_location ON violation (location_id, established_on);

CREATE INDEX violation_work_order ON violation (work_order, id);

CREATE TABLE measure (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    violation_id UUID NOT NULL,
    location_id UUID NOT NULL,
    participant TEXT,
    instrument TEXT NOT NULL,
    cell TEXT NOT NULL,
    matrix_version TEXT NOT NULL,
    advice TEXT[] NOT NULL,
    direction TEXT,
    deviation_reason TEXT,
    chosen_on DATE NOT NULL,
    chosen_by TEXT NOT NULL,
    explanation TEXT,
    mode TEXT,
    unit TEXT,
    amount NUMERIC(14, 2),
    maximum NUMERIC(14, 2),
    term_days INTEGER,
    remedy TEXT,
    intended_on DATE,
    hearing_until DATE,
    view_received_on DATE,
    urgency_reason TEXT,
    consulted TEXT,
    decided_on DATE,
    decided_by TEXT,
    published_on DATE,
    objection_until DATE,
    compliance_until DATE,
    forfeited NUMERIC(14, 2) DEFAULT 0 NOT NULL,
    ended_on DATE,
    end_reason TEXT,
    mandate JSONB,
    PRIMARY KEY (id),
    CONSTRAINT measure_number_key UNIQUE (number),
    CONSTRAINT measure_state CHECK (state IN ('gekozen', 'voorgenomen', 'opgelegd', 'verbeurd', 'uitgevoerd', 'ingetrokken', 'uitgewerkt')),
    CONSTRAINT measure_instrument CHECK (instrument IN ('informeren', 'aanspreken', 'waarschuwing', 'bestuurlijk gesprek', 'verscherpt toezicht', 'last onder dwangsom', 'last onder bestuursdwang', 'tijdelijk stilleggen', 'bestuurlijke boete', 'schorsen vergunning', 'exploitatieverbod', 'intrekken vergunning', 'bestuurlijke strafbeschikking', 'proces-verbaal')),
    CONSTRAINT measure_direction CHECK (direction IN ('lichter', 'zwaarder')),
    CONSTRAINT measure_mode CHECK (mode IN ('bedrag ineens', 'per tijdseenheid', 'per overtreding')),
    CONSTRAINT measure_unit CHECK (unit IN ('dag', 'week', 'maand')),
    CONSTRAINT measure_motivated CHECK (direction IS NULL OR deviation_reason IS NOT NULL),
    CONSTRAINT measure_forfeited_maximum CHECK (forfeited <= coalesce(maximum, 0)),
    FOREIGN KEY(violation_id) REFERENCES violation (id)
);

CREATE INDEX measure_chosen ON measure (chosen_on, id);

CREATE INDEX measure_location ON measure (location_id);

CREATE INDEX measure_state ON measure (state, chosen_on, id);

CREATE INDEX measure_violation ON measure (violation_id);

CREATE TABLE position (
    violation_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    consequence TEXT NOT NULL,
    behaviour TEXT NOT NULL,
    initial_cell TEXT NOT NULL,
    cell TEXT NOT NULL,
    reason TEXT,
    consequence_note TEXT,
    behaviour_note TEXT,
    aspects JSONB NOT NULL,
    recidivism BOOLEAN NOT NULL,
    suggestion JSONB NOT NULL,
    matrix_version TEXT NOT NULL,
    positioned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    positioned_by TEXT NOT NULL,
    PRIMARY KEY (violation_id, sequence),
    FOREIGN KEY(violation_id) REFERENCES violation (id)
);

CREATE TABLE forfeiture (
    id UUID NOT NULL,
    measure_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    inspection_id UUID NOT NULL,
    forfeited_on DATE NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    pay_until DATE NOT NULL,
    prescribes_on DATE NOT NULL,
    collected_on DATE,
    paid_on DATE,
    PRIMARY KEY (id),
    CONSTRAINT forfeiture_sequence_key UNIQUE (measure_id, sequence),
    CONSTRAINT forfeiture_inspection_key UNIQUE (measure_id, inspection_id),
    FOREIGN KEY(measure_id) REFERENCES measure (id),
    FOREIGN KEY(inspection_id) REFERENCES inspection (id)
);

CREATE TABLE term (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    violation_id UUID NOT NULL,
    measure_id UUID NOT NULL,
    forfeiture_id UUID,
    participant TEXT,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    lapses BOOLEAN NOT NULL,
    stopped_on DATE,
    PRIMARY KEY (id),
    CONSTRAINT term_kind CHECK (kind IN ('zienswijze', 'begunstigingstermijn', 'hersteltermijn', 'bezwaar', 'betaling dwangsom', 'verjaring dwangsom')),
    FOREIGN KEY(violation_id) REFERENCES violation (id),
    FOREIGN KEY(measure_id) REFERENCES measure (id)
);

CREATE INDEX term_measure ON term (measure_id);

CREATE INDEX term_running ON term (ends_on, id) WHERE stopped_on IS NULL;

CREATE INDEX term_violation ON term (violation_id);

CREATE TYPE text_range AS RANGE (subtype = text);

CREATE TABLE employee (
    id UUID NOT NULL,
    name TEXT,
    week_minutes INTEGER,
    PRIMARY KEY (id)
);

CREATE TABLE hours_history (
    id UUID NOT NULL,
    sheet_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    minutes INTEGER NOT NULL,
    bulk BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX hours_history_sheet ON hours_history (sheet_id, at);

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

CREATE TABLE kpi_measurement (
    code TEXT NOT NULL,
    participant TEXT DEFAULT '' NOT NULL,
    year INTEGER NOT NULL,
    measured_on DATE NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    definition_version TEXT NOT NULL,
    CONSTRAINT kpi_measurement_pkey PRIMARY KEY (code, participant, year, measured_on)
);

CREATE TABLE month_close (
    month DATE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_by TEXT NOT NULL,
    lines INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (month),
    CONSTRAINT month_close_first_day CHECK (EXTRACT(day FROM month) = 1)
);

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

CREATE TABLE parameter (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    code TEXT NOT NULL,
    value JSONB NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT parameter_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT parameter_validity CHECK (valid_until > valid_from),
    CONSTRAINT parameter_one_at_a_time EXCLUDE USING gist (text_range(code, code, '[]') WITH &&, daterange(valid_from, valid_until) WITH &&) WHERE (activated_at IS NOT NULL)
);

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

CREATE TABLE participant (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    joined_on DATE NOT NULL,
    left_on DATE,
    PRIMARY KEY (code),
    CONSTRAINT participant_kind CHECK (kind IN ('gemeente', 'provincie'))
);

CREATE TABLE product (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    programme TEXT NOT NULL,
    kind TEXT NOT NULL,
    demand_driven BOOLEAN DEFAULT false NOT NULL,
    absence BOOLEAN DEFAULT false NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (code),
    CONSTRAINT product_kind CHECK (kind IN ('direct', 'collectief', 'indirect')),
    CONSTRAINT product_validity CHECK (valid_until > valid_from)
);

CREATE TABLE sharing_key (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    weights JSONB NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT sharing_key_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT sharing_key_validity CHECK (valid_until > valid_from),
    CONSTRAINT sharing_key_one_at_a_time EXCLUDE USING gist (text_range(code, code, '[]') WITH &&, daterange(valid_from, valid_until) WITH &&) WHERE (activated_at IS NOT NULL)
);

CREATE TABLE budget (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    participant TEXT NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    advance NUMERIC(14, 2) NOT NULL,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT budget_number_key UNIQUE (participant, year, number),
    CONSTRAINT budget_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT budget_year CHECK (year BETWEEN 2000 AND 2100),
    FOREIGN KEY(participant) REFERENCES participant (code)
);

CREATE INDEX budget_year_participant ON budget (year, participant);

CREATE TABLE case_file (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    participant TEXT,
    location_id UUID,
    product TEXT,
    opened_on DATE,
    closed_on DATE,
    within_term BOOLEAN,
    active_on DATE NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT case_file_kind CHECK (kind IN ('klacht', 'controle', 'handhavingsmaatregel')),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE INDEX case_file_active ON case_file (active_on, id);

CREATE INDEX case_file_location ON case_file (location_id);

CREATE INDEX case_file_number ON case_file (upper(number) text_pattern_ops);

CREATE TABLE norm (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    product TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT norm_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT norm_validity CHECK (valid_until > valid_from),
    CONSTRAINT norm_one_at_a_time EXCLUDE USING gist (text_range(product, product, '[]') WITH &&, daterange(valid_from, valid_until) WITH &&) WHERE (activated_at IS NOT NULL),
    CONSTRAINT norm_minutes CHECK (minutes > 0),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE TABLE product_delivery (
    id UUID NOT NULL,
    subject UUID NOT NULL,
    product TEXT NOT NULL,
    event TEXT NOT NULL,
    event_id UUID NOT NULL,
    participant TEXT,
    delivered_on DATE NOT NULL,
    quantity INTEGER DEFAULT 1 NOT NULL,
    case_kind TEXT NOT NULL,
    case_number TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT product_delivery_once UNIQUE (subject, product),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE INDEX product_delivery_day ON product_delivery (delivered_on, id);

CREATE INDEX product_delivery_participant_day ON product_delivery (participant, delivered_on, id);

CREATE TABLE product_rule (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    event TEXT NOT NULL,
    qualifier TEXT DEFAULT '' NOT NULL,
    product TEXT NOT NULL,
    counts BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT product_rule_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT product_rule_validity CHECK (valid_until > valid_from),
    CONSTRAINT product_rule_one_at_a_time EXCLUDE USING gist (text_range((event || '/' || qualifier), (event || '/' || qualifier), '[]') WITH &&, daterange(valid_from, valid_until) WITH &&) WHERE (activated_at IS NOT NULL),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE TABLE settlement (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    participant TEXT NOT NULL,
    year INTEGER NOT NULL,
    state TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    owed NUMERIC(14, 2) NOT NULL,
    advance NUMERIC(14, 2) NOT NULL,
    balance NUMERIC(14, 2) NOT NULL,
    result_share NUMERIC(14, 2) NOT NULL,
    to_pay NUMERIC(14, 2) NOT NULL,
    result_amount NUMERIC(14, 2) NOT NULL,
    input_hash TEXT NOT NULL,
    snapshot BYTEA NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    adopted_by TEXT,
    adopted_on DATE,
    decision_reference TEXT,
    PRIMARY KEY (id),
    CONSTRAINT settlement_state CHECK (state IN ('proef', 'vastgesteld')),
    CONSTRAINT settlement_four_eyes CHECK (adopted_by <> proposed_by),
    CONSTRAINT settlement_adopted CHECK (state <> 'vastgesteld' OR num_nulls(adopted_by, adopted_on, decision_reference) = 0),
    FOREIGN KEY(participant) REFERENCES participant (code)
);

CREATE UNIQUE INDEX settlement_adopted_once ON settlement (year, participant) WHERE state = 'vastgesteld';

CREATE INDEX settlement_year ON settlement (year, participant, id);

CREATE TABLE tariff (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    decision_reference TEXT NOT NULL,
    confirmed BOOLEAN DEFAULT false NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    activated_by TEXT,
    activated_at TIMESTAMP WITH TIME ZONE,
    product TEXT,
    rate NUMERIC(9, 4) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT tariff_four_eyes CHECK (activated_by <> proposed_by),
    CONSTRAINT tariff_validity CHECK (valid_until > valid_from),
    CONSTRAINT tariff_one_at_a_time EXCLUDE USING gist (text_range(COALESCE(product, ''), COALESCE(product, ''), '[]') WITH &&, daterange(valid_from, valid_until) WITH &&) WHERE (activated_at IS NOT NULL),
    CONSTRAINT tariff_rate CHECK (rate > 0),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE TABLE week_sheet (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    employee UUID NOT NULL,
    starts_on DATE NOT NULL,
    state TEXT NOT NULL,
    minutes INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    rejection TEXT,
    PRIMARY KEY (id),
    CONSTRAINT week_sheet_employee_week UNIQUE (employee, starts_on),
    CONSTRAINT week_sheet_state CHECK (state IN ('open', 'ingediend', 'goedgekeurd', 'gesloten', 'verrekend')),
    CONSTRAINT week_sheet_monday CHECK (EXTRACT(isodow FROM starts_on) = 1),
    FOREIGN KEY(employee) REFERENCES employee (id)
);

CREATE INDEX week_sheet_state_week ON week_sheet (state, starts_on, id);

CREATE TABLE budget_line (
    budget_id UUID NOT NULL,
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    PRIMARY KEY (budget_id, product),
    CONSTRAINT budget_line_plan CHECK (quantity >= 0 AND minutes >= 0),
    CONSTRAINT budget_line_amount CHECK (minutes > 0 OR amount = 0),
    FOREIGN KEY(budget_id) REFERENCES budget (id),
    FOREIGN KEY(product) REFERENCES product (code)
);

CREATE TABLE hour_line (
    id UUID NOT NULL,
    sheet_id UUID NOT NULL,
    employee UUID NOT NULL,
    state TEXT NOT NULL,
    work_date DATE NOT NULL,
    booked_on DATE NOT NULL,
    minutes INTEGER NOT NULL,
    product TEXT NOT NULL,
    kind TEXT NOT NULL,
    participant TEXT,
    case_id UUID,
    case_number TEXT,
    activity TEXT,
    corrects UUID,
    reason TEXT,
    settlement_id UUID,
    source_key TEXT,
    PRIMARY KEY (id),
    CONSTRAINT hour_line_source_key UNIQUE (source_key),
    CONSTRAINT hour_line_state CHECK (state IN ('open', 'ingediend', 'goedgekeurd', 'gesloten', 'verrekend')),
    CONSTRAINT hour_line_kind CHECK (kind IN ('direct', 'collectief', 'indirect')),
    CONSTRAINT hour_line_minutes CHECK (minutes <> 0),
    CONSTRAINT hour_line_reversal CHECK (minutes > 0 OR corrects IS NOT NULL),
    CONSTRAINT hour_line_participant CHECK ((kind = 'direct') = (participant IS NOT NULL)),
    CONSTRAINT hour_line_reason CHECK (corrects IS NULL OR reason IS NOT NULL),
    FOREIGN KEY(sheet_id) REFERENCES week_sheet (id),
    FOREIGN KEY(product) REFERENCES product (code),
    FOREIGN KEY(participant) REFERENCES participant (code),
    FOREIGN KEY(corrects) REFERENCES hour_line (id),
    FOREIGN KEY(settlement_id) REFERENCES settlement (id)
);

CREATE INDEX hour_line_case ON hour_line (case_id) WHERE case_id IS NOT NULL;

CREATE INDEX hour_line_collective ON hour_line (booked_on) WHERE kind = 'collectief';

CREATE INDEX hour_line_corrects ON hour_line (corrects) WHERE corrects IS NOT NULL;

CREATE INDEX hour_line_day ON hour_line (booked_on, id);

CREATE INDEX hour_line_employee_day ON hour_line (employee, work_date);

CREATE INDEX hour_line_participant_day ON hour_line (participant, booked_on, id) INCLUDE (product, state, minutes, work_date);

CREATE INDEX hour_line_sheet ON hour_line (sheet_id);

CREATE INDEX hour_line_unapproved ON hour_line (booked_on, state) WHERE state IN ('open', 'ingediend');

CREATE INDEX hour_line_unlinked ON hour_line (case_number) WHERE case_id IS NULL AND case_number IS NOT NULL;

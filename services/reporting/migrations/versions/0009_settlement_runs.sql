CREATE TABLE settlement_run (
    id UUID NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    year INTEGER NOT NULL,
    state TEXT NOT NULL,
    inherited BOOLEAN DEFAULT false NOT NULL,
    result_amount NUMERIC(14, 2) NOT NULL,
    collective_minutes INTEGER NOT NULL,
    missing TEXT[] DEFAULT '{}' NOT NULL,
    versions_hash TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    adopted_by TEXT,
    adopted_on DATE,
    decision_reference TEXT,
    PRIMARY KEY (id),
    CONSTRAINT settlement_run_state CHECK (state IN ('proef', 'vastgesteld')),
    CONSTRAINT settlement_run_four_eyes CHECK (adopted_by <> proposed_by),
    CONSTRAINT settlement_run_adopted CHECK (
        state <> 'vastgesteld' OR num_nulls(adopted_by, adopted_on, decision_reference) = 0)
);

CREATE INDEX settlement_run_year ON settlement_run (year, id);

CREATE UNIQUE INDEX settlement_run_adopted_once ON settlement_run (year)
    WHERE state = 'vastgesteld' AND NOT inherited;

ALTER TABLE settlement
    -- One settlement per participant and year: reading them takes no time.
    -- squawk-ignore adding-foreign-key-constraint
    ADD COLUMN run_id UUID REFERENCES settlement_run (id),
    ADD COLUMN versions_hash TEXT,
    ADD COLUMN collective_minutes INTEGER;

-- What a settlement followed stands in what was kept of it, byte for byte.
UPDATE settlement s SET
    versions_hash = encode(sha256(convert_to(
        '{"bandbreedte":' || (kept.facts -> 'bandbreedte')::text
        || ',"resultaat":' || (kept.facts -> 'resultaat')::text || '}', 'UTF8')), 'hex'),
    collective_minutes = (
        SELECT COALESCE(sum((line ->> 'minuten')::int), 0)
        FROM json_array_elements(kept.facts -> 'regels') line
        WHERE (line ->> 'collectief')::boolean)
FROM (
    SELECT id, convert_from(snapshot, 'UTF8')::json -> 'invoer' AS facts FROM settlement
) kept
WHERE kept.id = s.id;

-- Settlements that were adopted one by one become the run of their year; its figures are those of
-- the first, and the control totals say where others differ.
INSERT INTO settlement_run (id, year, state, inherited, result_amount, collective_minutes,
    versions_hash, input_hash, proposed_by, proposed_at, adopted_by, adopted_on, decision_reference)
SELECT DISTINCT ON (year) gen_random_uuid(), year, state, true, result_amount,
    (SELECT sum(other.collective_minutes)::int FROM settlement other
     WHERE other.year = s.year AND other.state = 'vastgesteld'),
    versions_hash, input_hash, proposed_by, proposed_at, adopted_by, adopted_on, decision_reference
FROM settlement s WHERE state = 'vastgesteld' ORDER BY year, adopted_on, proposed_at, id;

UPDATE settlement s SET run_id = r.id FROM settlement_run r
WHERE r.year = s.year AND s.state = 'vastgesteld' AND r.state = 'vastgesteld';

-- A trial of one participant is a run of its own, that can be read and no longer be adopted.
INSERT INTO settlement_run (id, year, state, inherited, result_amount, collective_minutes,
    versions_hash, input_hash, proposed_by, proposed_at)
SELECT id, year, state, true, result_amount, collective_minutes,
    versions_hash, input_hash, proposed_by, proposed_at
FROM settlement WHERE state = 'proef';

UPDATE settlement SET run_id = id WHERE state = 'proef';

ALTER TABLE settlement
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN run_id SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN versions_hash SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN collective_minutes SET NOT NULL;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX settlement_of_run ON settlement (run_id, participant);

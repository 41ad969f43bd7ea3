ALTER TABLE finding DROP CONSTRAINT finding_pkey;
ALTER TABLE finding ADD CONSTRAINT finding_pkey PRIMARY KEY USING INDEX finding_version;

CREATE TABLE measure_act (
    measure_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    mode TEXT,
    unit TEXT,
    amount NUMERIC(14, 2),
    maximum NUMERIC(14, 2),
    term_days INTEGER,
    remedy TEXT,
    forfeited NUMERIC(14, 2) NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE,
    recorded_by TEXT,
    PRIMARY KEY (measure_id, version),
    CONSTRAINT measure_act_state CHECK (state IN ('gekozen', 'voorgenomen', 'opgelegd', 'verbeurd', 'uitgevoerd', 'ingetrokken', 'uitgewerkt')),
    FOREIGN KEY(measure_id) REFERENCES measure (id)
);
ALTER TABLE measure_act ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON measure_act TO vth_enforcement_all USING (true);
CREATE POLICY named ON measure_act TO vth_enforcement_some
    USING (measure_id IN (SELECT id FROM measure))
    WITH CHECK (true);

-- The next act would overwrite what the measures of before have come to.
INSERT INTO measure_act (measure_id, version, state, mode, unit, amount, maximum, term_days, remedy, forfeited)
SELECT id, version, state, mode, unit, amount, maximum, term_days, remedy, forfeited FROM measure;

-- Acts are added, never changed or removed; of a finding the violation is filled in, of a forfeited penalty how far
-- its collection is, of a clock that it stopped.
REVOKE UPDATE, DELETE ON measure_act, finding, forfeiture, term FROM vth_enforcement_all, vth_enforcement_some;
GRANT UPDATE (violation_id) ON finding TO vth_enforcement_all, vth_enforcement_some;
GRANT UPDATE (prescribes_on, collected_on, paid_on) ON forfeiture TO vth_enforcement_all, vth_enforcement_some;
GRANT UPDATE (stopped_on) ON term TO vth_enforcement_all, vth_enforcement_some;
REVOKE DELETE ON inspection, violation, measure, mandate, matrix FROM vth_enforcement_all, vth_enforcement_some;

CREATE TABLE complaint_act (
    complaint_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    feedback_due DATE NOT NULL,
    outcome TEXT,
    cause TEXT,
    explanation TEXT,
    assessed_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    within_term BOOLEAN,
    forwarded_to TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE,
    recorded_by TEXT,
    PRIMARY KEY (complaint_id, version),
    CONSTRAINT complaint_act_state CHECK (state IN ('ontvangen', 'in behandeling', 'beoordeeld', 'afgehandeld', 'doorgestuurd', 'ingetrokken', 'heropend')),
    CONSTRAINT complaint_act_outcome CHECK (outcome IN ('gegrond', 'ongegrond', 'niet vast te stellen', 'ter kennisgeving')),
    FOREIGN KEY(complaint_id) REFERENCES complaint (id)
);
ALTER TABLE complaint_act ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON complaint_act TO vth_intake_all USING (true);
CREATE POLICY named ON complaint_act TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);

-- The next act would overwrite what the complaints of before have come to.
INSERT INTO complaint_act (complaint_id, version, state, feedback_due, outcome, cause, explanation, assessed_at,
                           closed_at, within_term, forwarded_to)
SELECT id, version, state, feedback_due, outcome, cause, explanation, assessed_at,
       closed_at, within_term, forwarded_to
FROM complaint WHERE outcome IS NOT NULL OR closed_at IS NOT NULL;

-- Acts are added, never changed or removed; a complaint and an incident are there for good.
REVOKE UPDATE, DELETE ON complaint_act, contact_moment, inspection_request FROM vth_intake_all, vth_intake_some;
REVOKE DELETE ON complaint, incident FROM vth_intake_all, vth_intake_some;

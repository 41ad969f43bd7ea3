CREATE TABLE fact (
    subject UUID NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    location_id UUID,
    number TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    corrects UUID,
    details JSONB NOT NULL,
    PRIMARY KEY (subject, type, version)
);

ALTER TABLE complaint ADD COLUMN assessed_by UUID;
ALTER TABLE complaint ADD COLUMN closed_version INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE violation ADD COLUMN retracted_on DATE;
ALTER TABLE measure ADD COLUMN ended_on DATE;
ALTER TABLE measure ADD COLUMN withdrawn_on DATE;

ALTER TABLE risk_model ADD COLUMN scored_to UUID;
ALTER TABLE risk_model ADD COLUMN told BOOLEAN DEFAULT true NOT NULL;
ALTER TABLE risk_model ADD COLUMN anew_since TIMESTAMP WITH TIME ZONE;
-- There are a handful of models, and the state that is new is allowed in the same moment.
-- squawk-ignore ban-drop-constraint
ALTER TABLE risk_model DROP CONSTRAINT risk_model_state;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE risk_model ADD CONSTRAINT risk_model_state
    CHECK (state IN ('concept', 'in doorrekening', 'actief', 'vervallen'));
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX risk_model_one_preparing ON risk_model (state) WHERE state = 'in doorrekening';

CREATE TABLE location_score (
    model_id UUID NOT NULL,
    location_id UUID NOT NULL,
    participant TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    score NUMERIC(6, 2) NOT NULL,
    risk_class TEXT NOT NULL,
    extra_inspection BOOLEAN DEFAULT false NOT NULL,
    scored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (model_id, location_id),
    CONSTRAINT location_score_class CHECK (risk_class IN ('hoog', 'midden', 'laag'))
);

-- A score by an older model, or of an older day, is old enough to be made anew.
INSERT INTO location_score
    (model_id, location_id, participant, active, score, risk_class, extra_inspection, scored_at)
SELECT m.id, l.id, l.participant, l.active, l.score, l.risk_class, l.extra_inspection,
       CASE WHEN l.model_version = m.model_version
            THEN coalesce(l.scored_on, DATE '2000-01-01')::timestamptz
            ELSE TIMESTAMPTZ '2000-01-01 00:00:00+00' END
  FROM location l, risk_model m
 WHERE m.state = 'actief';

-- With their indexes and the constraint on one; what the columns held stands in location_score.
-- squawk-ignore ban-drop-column
ALTER TABLE location DROP COLUMN score;
-- squawk-ignore ban-drop-column
ALTER TABLE location DROP COLUMN risk_class;
-- squawk-ignore ban-drop-column
ALTER TABLE location DROP COLUMN model_version;
-- squawk-ignore ban-drop-column
ALTER TABLE location DROP COLUMN extra_inspection;
-- squawk-ignore ban-drop-column
ALTER TABLE location DROP COLUMN scored_on;

INSERT INTO rebuild (id, projection, state, requested_by)
SELECT gen_random_uuid(), 'feiten', 'aangevraagd', 'bijwerken van het schema'
 WHERE EXISTS (SELECT FROM complaint) OR EXISTS (SELECT FROM inspection)
    OR EXISTS (SELECT FROM violation) OR EXISTS (SELECT FROM measure)
ON CONFLICT DO NOTHING;

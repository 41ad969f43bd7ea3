-- NULL stood for everybody, and for a caller without any participant too: which, nobody knows.
-- Those that are not over wait until somebody who may see everybody's events resumes them.
ALTER TABLE subscription ADD COLUMN everyone boolean DEFAULT false NOT NULL;
UPDATE subscription
SET everyone = true,
    participants = '{}',
    state = CASE WHEN state = 'beeindigd' THEN state ELSE 'opgeschort' END,
    state_reason = CASE WHEN state = 'beeindigd' THEN state_reason
                        ELSE 'Het abonnement noemt geen deelnemers. Wie alle deelnemers mag zien, kan het hervatten voor alle deelnemers.' END
WHERE participants IS NULL;
-- A handful of rows: reading them takes no time. The version before is stopped during an upgrade.
ALTER TABLE subscription
    -- squawk-ignore ban-drop-default
    ALTER COLUMN everyone DROP DEFAULT,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN participants SET NOT NULL,
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT subscription_sight CHECK (NOT everyone OR cardinality(participants) = 0);

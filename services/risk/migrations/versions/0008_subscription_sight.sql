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
ALTER TABLE subscription
    ALTER COLUMN everyone DROP DEFAULT,
    ALTER COLUMN participants SET NOT NULL,
    ADD CONSTRAINT subscription_sight CHECK (NOT everyone OR cardinality(participants) = 0);

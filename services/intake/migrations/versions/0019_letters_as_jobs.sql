INSERT INTO job (id, kind, description, state, attempts, error, requested_by, requested_at, available_at,
                 finished_at)
SELECT id, 'brief', 'Brief: ' || kind,
       CASE WHEN state = 'mislukt' THEN 'mislukt' WHEN attempts > 0 THEN 'wacht op nieuwe poging'
            ELSE 'wacht' END,
       attempts, last_error, 'systeem', created_at, coalesce(next_attempt_at, now()),
       CASE WHEN state = 'mislukt' THEN now() END
FROM outgoing_mail WHERE state IN ('wachtend', 'mislukt');

-- The recurring job of before, in whose turns all letters went out.
DELETE FROM job WHERE kind = 'uitgaande-post';

-- At once: nothing is read to drop it, and the column is taken away under the same lock.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX outgoing_mail_failed;

-- The index of what waits goes with it.
ALTER TABLE outgoing_mail DROP COLUMN next_attempt_at;

ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_state;

-- Letters are some thousands a month: reading them all takes less than a second.
ALTER TABLE outgoing_mail
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT outgoing_mail_state CHECK (state IN ('wachtend', 'verzonden', 'mislukt', 'geannuleerd'));

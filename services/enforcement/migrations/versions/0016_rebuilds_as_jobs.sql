-- What was asked for, or broken off by the upgrade, is done now; the others are kept as jobs are.
-- Of those that failed only the last is still something to look at.
INSERT INTO job (id, kind, key, description, parameters, state, done, total, result, error,
                 requested_by, requested_at, started_at, finished_at)
SELECT id, 'herbouw', 'herbouw', 'Herbouw: ' || projection,
       jsonb_build_object('projection', projection),
       CASE WHEN state = 'klaar' THEN 'klaar' WHEN state <> 'mislukt' THEN 'wacht'
            WHEN requested_at = (SELECT max(requested_at) FROM rebuild) THEN 'mislukt'
            ELSE 'geannuleerd' END,
       done, total,
       CASE WHEN state = 'klaar' THEN 'Opnieuw opgebouwd uit ' || done || ' gebeurtenissen.' END,
       error, requested_by, requested_at, started_at, finished_at
FROM rebuild;

-- Nothing reads or writes it any more: who works with the code of before has stopped.
-- squawk-ignore ban-drop-table
DROP TABLE rebuild;

-- As intake and enforcement tell it; every location has a score by the active model.
INSERT INTO location (id, number, name, street, house_number, postcode, city, participant, lon, lat, rd_x, rd_y,
                      activities, core_activity, score_version, last_inspection)
SELECT id, number, name, street, house_number, postcode, city, participant, lon, lat, rd_x, rd_y, activities,
       activities[1], 1, CASE WHEN nth % 3 > 0 THEN current_date - pg_temp.pick(nth, 60, 1800)::int END
FROM place;

INSERT INTO location_score (model_id, location_id, participant, active, score, risk_class, extra_inspection,
                            scored_at)
SELECT risk_model.id, place.id, place.participant, true, pg_temp.pick(nth, 61, 10000) / 100.0,
       CASE WHEN pg_temp.pick(nth, 61, 10000) > 8000 THEN 'hoog' WHEN pg_temp.pick(nth, 61, 10000) > 4000 THEN 'midden' ELSE 'laag' END,
       nth % 200 = 0, now()
FROM place, risk_model WHERE risk_model.state = 'actief';

INSERT INTO score (location_id, score, risk_class, model_version, terms, cause, scored_at)
SELECT place.id, 40, 'midden', 'voorbeeld-1', '[]', 'nachtelijke herberekening', now() - age * interval '30 days'
FROM place, generate_series(1, 2) AS age;

INSERT INTO complaint (id, version, location_id, number, category, received_at, outcome, closed_at)
SELECT pg_temp.identity('complaint', n), 3,
       pg_temp.identity('location', CASE WHEN incident % 32 = 0 THEN 1 ELSE 1 + pg_temp.pick(incident, 20, $locations) END),
       'K-2024-' || pg_temp.digits(n),
       pg_temp.one_of(incident, 21, '{geur,geluid,stof,lucht,bodem,water,afval,licht}'),
       received, CASE WHEN n <= 0.9 * $complaints THEN 'gegrond' END,
       CASE WHEN n <= 0.9 * $complaints THEN received + interval '30 days' END
FROM (
    SELECT n, (n + 2) / 3 AS incident, now() - (1 - n * 1.0 / $complaints) * interval '1825 days' AS received
    FROM generate_series(1, $complaints) AS n
) AS made;

INSERT INTO inspection (id, location_id, number, kind, completed_on, violations)
SELECT pg_temp.identity('inspection', n),
       pg_temp.identity('location', CASE WHEN n % 64 = 0 THEN 1 ELSE 1 + pg_temp.pick(n, 40, $locations) END),
       'C-2024-' || pg_temp.digits(n), 'periodieke controle',
       current_date + ((n - 0.9 * $inspections) / $inspections * 1825)::int - 1, n % 2
FROM generate_series(1, floor(0.9 * $inspections)::bigint) AS n;

INSERT INTO violation (id, location_id, number, established_on, nature, cell, resolved_on)
SELECT pg_temp.identity('violation', n), inspection.location_id, 'OV-2024-' || pg_temp.digits(n), completed_on,
       'geur', 'B2', CASE WHEN n <= 0.88 * $violations THEN completed_on + 60 END
FROM generate_series(1, $violations) AS n
JOIN inspection ON inspection.id = pg_temp.identity('inspection', 1 + (n - 1) * floor(0.9 * $inspections)::bigint / $violations);

INSERT INTO measure (id, location_id, violation_id, number, instrument, decided_on, ended_on)
SELECT pg_temp.identity('measure', n), location_id, violation.id, 'HM-2024-' || pg_temp.digits(n),
       'last onder dwangsom', established_on + 25, resolved_on
FROM generate_series(1, $violations) AS n
JOIN violation ON violation.id = pg_temp.identity('violation', n)
WHERE n % 5 <> 0;

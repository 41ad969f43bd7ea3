-- One in 64 inspections is at the first location.
INSERT INTO location (id, version, number, name, street, house_number, postcode, city, lon, lat, participant,
                      activities, active)
SELECT id, 1, number, name, street, house_number, postcode, city, lon, lat, participant, activities, true
FROM place;

INSERT INTO inspection (id, number, version, state, kind, trigger, location_id, participant, incident_id,
                        incident_number, violation_id, inspector, inspector_name, planned_on, completed_on,
                        listed_on)
SELECT pg_temp.identity('inspection', n), 'C-2024-' || pg_temp.digits(n), 2,
       CASE WHEN done THEN 'uitgevoerd' ELSE 'gepland' END, kind,
       CASE kind WHEN 'hercontrole' THEN 'overtreding' WHEN 'periodieke controle' THEN 'plan' ELSE 'incident' END,
       place.id, place.participant,
       CASE WHEN kind = 'controle naar aanleiding van incident' THEN pg_temp.identity('incident', n) END,
       CASE WHEN kind = 'controle naar aanleiding van incident' THEN 'I-2024-' || pg_temp.digits(n) END,
       CASE WHEN kind = 'hercontrole' THEN pg_temp.identity('violation', 1 + n % $violations) END,
       who, 'Medewerker ' || who, day, CASE WHEN done THEN day END, day
FROM (
    SELECT n, n <= 0.9 * $inspections AS done,
           CASE WHEN n % 64 = 0 THEN 1 ELSE 1 + pg_temp.pick(n, 40, $locations) END AS at,
           pg_temp.one_of(n, 41, '{periodieke controle,periodieke controle,periodieke controle,controle naar aanleiding van incident,hercontrole,themacontrole}') AS kind,
           pg_temp.one_of(n, 42, '{beheer,toezicht,t1,t2,t3,t4,t5,t6,t7,t8,t9,t10,t11,t12,t13,t14,t15,t16,t17,t18,t19,t20,t21,t22,t23,t24,t25,t26,t27,t28,t29,t30}') AS who,
           current_date + ((n - 0.9 * $inspections) / $inspections * 1825)::int
           - CASE WHEN n > 0.9 * $inspections THEN 60 ELSE 1 END AS day
    FROM generate_series(1, $inspections) AS n
) AS made
JOIN place ON place.nth = at;

INSERT INTO violation (id, number, version, state, location_id, participant, inspection_id, finding, nature,
                       established_on, rule, details, consequence, behaviour, initial_cell, cell, matrix_version,
                       recidivism, positioned_at, resolved_on, due_on)
SELECT pg_temp.identity('violation', n), 'OV-2024-' || pg_temp.digits(n), 3, made.state, inspection.location_id,
       inspection.participant, inspection.id, 2,
       pg_temp.one_of(n, 43, '{geur,geluid,stof,lucht,bodem,water,afval,registratie,energie,asbest}'),
       inspection.listed_on, 'Bal 4.' || (1 + n % 900), 'De afzuiging staat uit.',
       CASE WHEN placed THEN substr(in_cell, 2) END, CASE WHEN placed THEN substr(in_cell, 1, 1) END,
       CASE WHEN placed THEN in_cell END, CASE WHEN placed THEN in_cell END,
       CASE WHEN placed THEN 'lhso-voorbeeld-1' END, n % 12 = 0,
       CASE WHEN placed THEN inspection.listed_on + time '12:00' END,
       CASE WHEN made.state = 'hersteld' THEN inspection.listed_on + 60 END,
       CASE WHEN made.state = 'in handhaving' THEN current_date - 40 + pg_temp.pick(n, 45, 120)::int END
FROM (
    SELECT n, state, state <> 'geconstateerd' AS placed, in_cell,
           1 + (n - 1) * floor(0.9 * $inspections)::bigint / $violations AS at
    FROM (
        SELECT n, CASE WHEN n <= 0.88 * $violations THEN 'hersteld'
                       ELSE pg_temp.one_of(n, 46, '{geconstateerd,gepositioneerd,in handhaving,in handhaving}') END AS state,
               pg_temp.one_of(n, 44, '{B2,B2,B2,B2,A1,B1,C1,D1,A2,C2,D2,A3,B3,C3,D3,A4,B4,C4,D4}') AS in_cell
        FROM generate_series(1, $violations) AS n
    ) AS drawn
) AS made
JOIN inspection ON inspection.id = pg_temp.identity('inspection', at);

INSERT INTO finding (inspection_id, sequence, topic, result, recorded_at, recorded_by)
SELECT id, 1, 'registratie', 'voorschriften nageleefd', listed_on + time '10:00', inspector
FROM inspection WHERE state = 'uitgevoerd';

INSERT INTO finding (inspection_id, sequence, topic, result, rule, details, consequence, behaviour, violation_id,
                     recorded_at, recorded_by)
SELECT inspection_id, 1 + row_number() OVER (PARTITION BY inspection_id), nature,
       'niet akkoord, voorschriften overtreden', rule, details, consequence, behaviour, id,
       established_on + time '11:00', 'toezicht'
FROM violation;

INSERT INTO position (violation_id, sequence, consequence, behaviour, initial_cell, cell, aspects, recidivism,
                      suggestion, matrix_version, positioned_at, positioned_by)
SELECT id, 1, consequence, behaviour, cell, cell, '[]', recidivism, '{}', matrix_version, positioned_at, 'jurist'
FROM violation WHERE cell IS NOT NULL;

INSERT INTO measure (id, number, version, state, violation_id, location_id, participant, instrument, cell,
                     matrix_version, advice, chosen_on, chosen_by, mode, amount, maximum, term_days, remedy,
                     intended_on, hearing_until, decided_on, decided_by, published_on, objection_until,
                     compliance_until, ended_on)
SELECT pg_temp.identity('measure', n), 'HM-2024-' || pg_temp.digits(n), 4,
       CASE WHEN violation.state = 'hersteld' THEN pg_temp.one_of(n, 50, '{uitgewerkt,uitgevoerd,ingetrokken}') ELSE 'opgelegd' END,
       violation.id, location_id, participant, 'last onder dwangsom', cell, matrix_version,
       '{last onder dwangsom}', established_on + 5, 'jurist', 'bedrag ineens', 2500, 2500, 14,
       'Zet de afzuiging aan', established_on + 6, established_on + 20, established_on + 25, 'jurist',
       established_on + 25, established_on + 67, established_on + 39,
       CASE WHEN violation.state = 'hersteld' THEN established_on + 60 END
FROM generate_series(1, $violations) AS n
JOIN violation ON violation.id = pg_temp.identity('violation', n)
WHERE violation.state IN ('in handhaving', 'hersteld') AND n % 5 <> 0;

INSERT INTO term (id, kind, violation_id, measure_id, participant, starts_on, ends_on, lapses, stopped_on)
SELECT pg_temp.identity(kind, ('x' || right(measure.id::text, 12))::bit(48)::bigint), kind, violation_id, measure.id,
       participant, decided_on, coalesce(ended_on, current_date + 30), kind = 'bezwaar', CASE WHEN kind <> 'bezwaar' THEN ended_on END
FROM measure, unnest('{zienswijze,begunstigingstermijn,bezwaar}'::text[]) AS kind;

INSERT INTO mandate (id, participant, organ, function, power, article, valid_from, registered_by)
SELECT pg_temp.identity('mandate', row_number() OVER ()), code, 'college van burgemeester en wethouders',
       'directeur', power, 'Awb 5:32', DATE '2020-01-01', 'teamleider'
FROM unnest($participants) AS code, unnest('{waarschuwing,last onder dwangsom}'::text[]) AS power;

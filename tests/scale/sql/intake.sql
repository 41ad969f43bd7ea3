-- One in 32 incidents is at the first location: it has far more complaints than any other.
INSERT INTO location (id, version, number, name, street, house_number, postcode, city, lon, lat, rd_x, rd_y,
                      participant, activities, active)
SELECT id, 1, number, name, street, house_number, postcode, city, lon, lat, rd_x, rd_y, participant, activities,
       true
FROM place;

INSERT INTO incident (id, number, version, state, category, location_id, participant, perpetrator, started_at,
                      concluded_at)
SELECT pg_temp.identity('incident', n), 'I-2024-' || pg_temp.digits(n), 2,
       CASE WHEN running THEN 'lopend' ELSE 'afgesloten' END, category, place.id, place.participant, 'gemeld',
       began, CASE WHEN NOT running THEN began + interval '40 days' END
FROM (
    SELECT n, n > 0.9 * $complaints / 3 AS running,
           CASE WHEN n % 32 = 0 THEN 1 ELSE 1 + pg_temp.pick(n, 20, $locations) END AS at,
           pg_temp.one_of(n, 21, '{geur,geluid,stof,lucht,bodem,water,afval,licht}') AS category,
           now() - (1 - n * 3.0 / ($complaints + 3)) * interval '1825 days' AS began
    FROM generate_series(1, $complaints / 3 + 1) AS n
) AS made
JOIN place ON place.nth = at;

INSERT INTO complaint (id, number, version, state, category, channel, urgency, description, received_at,
                       occurred_at, street, house_number, postcode, city, participant, location_id, incident_id,
                       handler, handler_name, anonymous, wants_feedback, wants_call, reachable_by_mail,
                       term_version, contact_due, feedback_due, first_contact_at, outcome, cause, explanation,
                       assessed_at, closed_at, within_term)
SELECT pg_temp.identity('complaint', n), 'K-2024-' || pg_temp.digits(n), 3, made.state, incident.category,
       pg_temp.one_of(n, 31, '{webformulier,telefoon,e-mail}'), pg_temp.one_of(n, 32, '{normaal,normaal,normaal,hoog,spoed}'),
       'Het stinkt hier al dagen, vooral in de avond en bij westenwind. Melding ' || n,
       received, received - interval '3 hours',
       place.street, (1 + pg_temp.pick(n, 33, 300))::text, place.postcode, place.city, place.participant,
       CASE WHEN made.state <> 'ontvangen' THEN incident.location_id END,
       CASE WHEN made.state <> 'ontvangen' THEN incident.id END,
       who, 'Medewerker ' || who, n % 4 = 0, n % 3 = 0, false, n % 3 = 0, 1,
       received::date + 5, received::date + 42,
       CASE WHEN made.state <> 'ontvangen' THEN received + interval '2 days' END,
       CASE WHEN made.state IN ('afgehandeld', 'beoordeeld') THEN 'gegrond' END,
       CASE WHEN made.state IN ('afgehandeld', 'beoordeeld') THEN 'overtreding' END,
       CASE WHEN made.state IN ('afgehandeld', 'beoordeeld') THEN 'De afzuiging stond uit.' END,
       CASE WHEN made.state IN ('afgehandeld', 'beoordeeld') THEN received + interval '20 days' END,
       CASE WHEN n <= 0.9 * $complaints THEN received + interval '30 days' END,
       CASE WHEN n <= 0.9 * $complaints THEN n % 10 <> 0 END
FROM (
    SELECT n, now() - (1 - n * 1.0 / $complaints) * interval '1825 days' AS received,
           CASE WHEN n > 0.9 * $complaints
                THEN pg_temp.one_of(n, 34, '{ontvangen,ontvangen,in behandeling,in behandeling,in behandeling,beoordeeld,heropend}')
                ELSE pg_temp.one_of(n, 35, '{afgehandeld,afgehandeld,afgehandeld,afgehandeld,doorgestuurd,ingetrokken}')
           END AS state,
           CASE WHEN n <= 0.9 * $complaints OR n % 3 > 0
                THEN pg_temp.one_of(n, 36, '{beheer,klachten,m1,m2,m3,m4,m5,m6,m7,m8,m9,m10,m11,m12,m13,m14,m15,m16,m17,m18,m19,m20,m21,m22,m23,m24,m25,m26,m27,m28,m29,m30}')
           END AS who
    FROM generate_series(1, $complaints) AS n
) AS made
JOIN incident ON incident.id = pg_temp.identity('incident', (n + 2) / 3)
JOIN place ON place.id = incident.location_id;

INSERT INTO contact_moment (id, complaint_id, party, kind, note, actor, at)
SELECT pg_temp.identity('contact', n), pg_temp.identity('complaint', n * 2), 'melder', 'telefoon',
       'Gebeld over de voortgang.', 'klachten', now() - interval '10 days'
FROM generate_series(1, $complaints / 2) AS n;

INSERT INTO timeline_entry (id, complaint_id, at, title, actor)
SELECT pg_temp.identity('entry', n), pg_temp.identity('complaint', n), now() - interval '20 days',
       'Gekoppeld aan een locatie', 'klachten'
FROM generate_series(1, $complaints) AS n;

INSERT INTO timeline_entry (id, incident_id, at, title, actor)
SELECT pg_temp.identity('told', n), pg_temp.identity('incident', n), now() - interval '15 days',
       'Controle gepland', 'toezicht'
FROM generate_series(1, $complaints / 3) AS n;

INSERT INTO outgoing_mail (id, complaint_id, kind, state, sealed, created_at, sent_at, attempts, last_error)
SELECT pg_temp.identity('mail', n), pg_temp.identity('complaint', n * 3), 'antwoord',
       CASE WHEN n % 1000 = 0 THEN 'mislukt' ELSE 'verzonden' END, '\x00',
       now() - n * interval '1 minute', now() - n * interval '1 minute', 1, NULL
FROM generate_series(1, $complaints / 3) AS n;

INSERT INTO processing (id, complaint_id, act, purpose, actor, at)
SELECT pg_temp.identity('processing', n), pg_temp.identity('complaint', n * 3), 'bericht verzonden',
       'afhandeling van de klacht', 'klachten', now() - interval '10 days'
FROM generate_series(1, $complaints / 3) AS n;

INSERT INTO inspection_request (id, incident_id, urgency, reason, actor, requested_at)
SELECT pg_temp.identity('request', n), pg_temp.identity('incident', n * 2), 'hoog', 'Aanhoudende geur',
       'klachten', now() - interval '12 days'
FROM generate_series(1, $complaints / 6) AS n;

INSERT INTO inspection (id, incident_id, number, planned_on, completed_on, violations)
SELECT pg_temp.identity('inspection', n), pg_temp.identity('incident', n * 2), 'C-2024-' || pg_temp.digits(n),
       current_date - 20, current_date - 10, 1
FROM generate_series(1, $complaints / 6) AS n;

INSERT INTO violation (id, incident_id, number, established_on)
SELECT pg_temp.identity('violation', n), pg_temp.identity('incident', n * 4), 'OV-2024-' || pg_temp.digits(n),
       current_date - 10
FROM generate_series(1, $complaints / 12) AS n;

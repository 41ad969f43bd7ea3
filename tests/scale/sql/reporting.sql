-- Four years of week sheets of 25 lines; the last two weeks are still open or handed in.
CREATE TEMPORARY TABLE week AS
SELECT n AS ago, date_trunc('week', current_date)::date - 7 * (n - 1) AS monday FROM generate_series(1, 208) AS n;

INSERT INTO employee (id, name, week_minutes)
SELECT pg_temp.identity('employee', n), 'Medewerker ' || n, 2160
FROM generate_series(1, ($hour_lines / 25 + 207) / 208) AS n;

INSERT INTO week_sheet (id, employee, starts_on, state, minutes, created_at, submitted_at, decided_at, decided_by)
SELECT pg_temp.identity('sheet', s), pg_temp.identity('employee', 1 + (s - 1) / 208), monday,
       CASE WHEN week.ago = 1 THEN 'open' WHEN week.ago = 2 THEN 'ingediend' ELSE 'goedgekeurd' END, 2250,
       monday + time '08:00', CASE WHEN week.ago > 1 THEN monday + time '17:00' END,
       CASE WHEN week.ago > 2 THEN monday + time '18:00' END, CASE WHEN week.ago > 2 THEN 'teamleider' END
FROM generate_series(1, $hour_lines / 25) AS s
JOIN week ON week.ago = 1 + (s - 1) % 208;

INSERT INTO case_file (id, version, kind, number, qualifier, participant, location_id, product, opened_on,
                       closed_on, within_term, active_on)
SELECT pg_temp.identity(kind, n), 2, kind,
       CASE kind WHEN 'klacht' THEN 'K' WHEN 'controle' THEN 'C' ELSE 'HM' END || '-2024-' || pg_temp.digits(n),
       CASE kind WHEN 'klacht' THEN 'geur' WHEN 'controle' THEN 'periodieke controle' ELSE 'last onder dwangsom' END,
       place.participant, place.id,
       CASE kind WHEN 'klacht' THEN 'K10-01' WHEN 'controle' THEN 'T10-01' ELSE 'H10-02' END,
       opened, CASE WHEN n % 10 > 0 THEN opened + 30 END, n % 10 <> 1, opened + 30
FROM (
    SELECT n, (ARRAY['klacht', 'controle', 'handhavingsmaatregel'])[1 + n % 3] AS kind,
           current_date - ((1 - n * 1.0 / $cases) * 1460)::int AS opened,
           CASE WHEN n % 32 = 0 THEN 1 ELSE 1 + pg_temp.pick(n, 70, $locations) END AS at
    FROM generate_series(1, $cases) AS n
) AS made
JOIN place ON place.nth = at;

INSERT INTO hour_line (id, sheet_id, employee, state, work_date, booked_on, minutes, product, kind, participant,
                       case_id, case_number)
SELECT pg_temp.identity('line', n), pg_temp.identity('sheet', s), pg_temp.identity('employee', 1 + (s - 1) / 208),
       CASE WHEN week.ago = 1 THEN 'open' WHEN week.ago = 2 THEN 'ingediend' ELSE 'goedgekeurd' END,
       monday + ((n % 25) / 5)::int, monday + ((n % 25) / 5)::int, 90, made.product, product.kind,
       CASE WHEN product.kind = 'direct' THEN ($participants)[1 + pg_temp.pick(n, 71, cardinality($participants))] END,
       case_file.id, case_file.number
FROM (
    SELECT n, 1 + (n - 1) / 25 AS s,
           pg_temp.one_of(n, 72, '{T10-01,T10-01,T10-04,K10-01,H10-02,V10-01,M10-01,A10-01,R10-01,I10-01,I10-05}') AS product,
           1 + pg_temp.pick(n, 73, $cases) AS of_case
    FROM generate_series(1, $hour_lines) AS n
) AS made
JOIN week ON week.ago = 1 + (s - 1) % 208
JOIN product ON product.code = made.product
LEFT JOIN case_file ON made.product IN ('T10-01', 'K10-01', 'H10-02')
    AND case_file.id = pg_temp.identity((ARRAY['klacht', 'controle', 'handhavingsmaatregel'])[1 + of_case % 3], of_case);

INSERT INTO product_delivery (id, subject, product, event, event_id, participant, delivered_on, case_kind,
                              case_number)
SELECT gen_random_uuid(), id, product, 'nl.vth.klachten.afgehandeld', gen_random_uuid(), participant, closed_on,
       kind, number
FROM case_file WHERE closed_on IS NOT NULL AND closed_on <= current_date;

INSERT INTO budget (id, participant, year, number, advance, decision_reference, proposed_by, activated_by,
                    activated_at)
SELECT pg_temp.identity(code, year), code, year, 1, 500000, 'Begroting ' || year, 'controller', 'teamleider', now()
FROM unnest($participants) AS code,
     generate_series(extract(year FROM current_date)::int - 3, extract(year FROM current_date)::int) AS year;

INSERT INTO budget_line (budget_id, product, quantity, minutes, amount)
SELECT budget.id, product, 100, 60000, 100000
FROM budget, unnest('{T10-01,K10-01,H10-02,V10-01}'::text[]) AS product;

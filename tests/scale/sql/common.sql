-- What every service needs: identities, choices that come out the same each time, and the places.
CREATE FUNCTION pg_temp.identity(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
'SELECT (substr(md5(kind), 1, 8) || ''-0000-7000-8000-'' || lpad(to_hex(n), 12, ''0''))::uuid';

CREATE FUNCTION pg_temp.pick(n bigint, salt bigint, choices bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
'SELECT (hashint8extended(n, salt) & 9223372036854775807) % choices';

CREATE FUNCTION pg_temp.one_of(n bigint, salt bigint, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
'SELECT choices[1 + pg_temp.pick(n, salt, cardinality(choices))]';

CREATE FUNCTION pg_temp.digits(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
'SELECT lpad(n::text, greatest(6, length(n::text)), ''0'')';

CREATE TEMPORARY TABLE place AS
SELECT n AS nth, pg_temp.identity('location', n) AS id, 'L-2019-' || pg_temp.digits(n) AS number,
       pg_temp.one_of(n, 1, '{Metaalbewerking,Garage,Veehouderij,Transport,Slachterij,Betoncentrale,Jachthaven,Kwekerij,Galvano,Tankstation,Bakkerij,Drukkerij}')
       || ' ' || pg_temp.one_of(n, 2, '{Noord,Zuid,Oost,West,Midden}') || ' ' || n AS name,
       pg_temp.one_of(n, 3, '{Dorp,Kerk,Molen,Haven,Industrie,Stations,Nijverheids,Kanaal,Brink,Eiken}')
       || pg_temp.one_of(n, 4, '{straat,weg,laan,plein,kade}') AS street,
       (1 + pg_temp.pick(n, 5, 300))::text AS house_number,
       (7400 + pg_temp.pick(n, 6, 300))::text
       || chr(65 + pg_temp.pick(n, 7, 26)::int) || chr(65 + pg_temp.pick(n, 8, 26)::int) AS postcode,
       pg_temp.one_of(n, 9, '{Almelo,Borne,Enschede,Goor,Hengelo,Losser,Oldenzaal,Rijssen,Wierden}') AS city,
       6.4 + pg_temp.pick(n, 10, 6000) / 10000.0 AS lon, 52.1 + pg_temp.pick(n, 11, 4000) / 10000.0 AS lat,
       225000 + pg_temp.pick(n, 12, 40000) AS rd_x, 455000 + pg_temp.pick(n, 13, 40000) AS rd_y,
       ($participants)[1 + (n + 2) % cardinality($participants)] AS participant,
       ARRAY['3.' || (2 + pg_temp.pick(n, 14, 10)) || '.' || (1 + pg_temp.pick(n, 15, 6))] AS activities
FROM generate_series(1, $locations) AS n;

CREATE UNIQUE INDEX ON place (nth);
ANALYZE place;

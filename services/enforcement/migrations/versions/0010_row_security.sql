-- The tables belong to vth_enforcement_owner, which runs this; the service itself owns nothing. It works as
-- vth_enforcement_all, or as vth_enforcement_some, which sees the rows of the participants in vth.participants.
GRANT USAGE ON SCHEMA public TO vth_enforcement_all, vth_enforcement_some;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vth_enforcement_all, vth_enforcement_some;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vth_enforcement_all, vth_enforcement_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_enforcement_all, vth_enforcement_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO vth_enforcement_all, vth_enforcement_some;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM vth_enforcement_all, vth_enforcement_some;
-- What is written here stays: rows are added, never changed or removed.
REVOKE UPDATE, DELETE ON position FROM vth_enforcement_all, vth_enforcement_some;
-- What a rebuild makes anew from the events, in a schema of its own.
GRANT USAGE, CREATE ON SCHEMA public TO vth_enforcement_projection;
GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO vth_enforcement_projection;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT REFERENCES ON TABLES TO vth_enforcement_projection;
ALTER TABLE location OWNER TO vth_enforcement_projection;
ALTER TABLE participant OWNER TO vth_enforcement_projection;
ALTER TABLE inspection ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON inspection TO vth_enforcement_all USING (true);
CREATE POLICY named ON inspection TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE location ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON location TO vth_enforcement_all USING (true);
CREATE POLICY named ON location TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON mandate TO vth_enforcement_all USING (true);
CREATE POLICY named ON mandate TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON finding TO vth_enforcement_all USING (true);
CREATE POLICY named ON finding TO vth_enforcement_some
    USING (inspection_id IN (SELECT id FROM inspection))
    WITH CHECK (true);
ALTER TABLE violation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON violation TO vth_enforcement_all USING (true);
CREATE POLICY named ON violation TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE measure ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON measure TO vth_enforcement_all USING (true);
CREATE POLICY named ON measure TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE position ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON position TO vth_enforcement_all USING (true);
CREATE POLICY named ON position TO vth_enforcement_some
    USING (violation_id IN (SELECT id FROM violation))
    WITH CHECK (true);
ALTER TABLE forfeiture ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON forfeiture TO vth_enforcement_all USING (true);
CREATE POLICY named ON forfeiture TO vth_enforcement_some
    USING (measure_id IN (SELECT id FROM measure))
    WITH CHECK (true);
ALTER TABLE term ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON term TO vth_enforcement_all USING (true);
CREATE POLICY named ON term TO vth_enforcement_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));

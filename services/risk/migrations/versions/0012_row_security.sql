-- The tables belong to vth_risk_owner, which runs this; the service itself owns nothing. It works as
-- vth_risk_all, or as vth_risk_some, which sees the rows of the participants in vth.participants.
GRANT USAGE ON SCHEMA public TO vth_risk_all, vth_risk_some;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vth_risk_all, vth_risk_some;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vth_risk_all, vth_risk_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_risk_all, vth_risk_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO vth_risk_all, vth_risk_some;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM vth_risk_all, vth_risk_some;
-- What a rebuild makes anew from the events, in a schema of its own.
GRANT USAGE, CREATE ON SCHEMA public TO vth_risk_projection;
GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO vth_risk_projection;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT REFERENCES ON TABLES TO vth_risk_projection;
ALTER TABLE complaint OWNER TO vth_risk_projection;
ALTER TABLE fact OWNER TO vth_risk_projection;
ALTER TABLE inspection OWNER TO vth_risk_projection;
ALTER TABLE measure OWNER TO vth_risk_projection;
ALTER TABLE participant OWNER TO vth_risk_projection;
ALTER TABLE violation OWNER TO vth_risk_projection;
ALTER TABLE complaint ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON complaint TO vth_risk_all USING (true);
CREATE POLICY named ON complaint TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);
ALTER TABLE fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON fact TO vth_risk_all USING (true);
CREATE POLICY named ON fact TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);
ALTER TABLE inspection ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON inspection TO vth_risk_all USING (true);
CREATE POLICY named ON inspection TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);
ALTER TABLE location ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON location TO vth_risk_all USING (true);
CREATE POLICY named ON location TO vth_risk_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE location_score ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON location_score TO vth_risk_all USING (true);
CREATE POLICY named ON location_score TO vth_risk_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE measure ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON measure TO vth_risk_all USING (true);
CREATE POLICY named ON measure TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);
ALTER TABLE score ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON score TO vth_risk_all USING (true);
CREATE POLICY named ON score TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);
ALTER TABLE violation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON violation TO vth_risk_all USING (true);
CREATE POLICY named ON violation TO vth_risk_some
    USING (location_id IN (SELECT id FROM location))
    WITH CHECK (true);

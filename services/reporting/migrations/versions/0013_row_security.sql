-- The tables belong to vth_reporting_owner, which runs this; the service itself owns nothing. It works as
-- vth_reporting_all, or as vth_reporting_some, which sees the rows of the participants in vth.participants.
GRANT USAGE ON SCHEMA public TO vth_reporting_all, vth_reporting_some;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vth_reporting_all, vth_reporting_some;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vth_reporting_all, vth_reporting_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_reporting_all, vth_reporting_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO vth_reporting_all, vth_reporting_some;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM vth_reporting_all, vth_reporting_some;
-- What is written here stays: rows are added, never changed or removed.
REVOKE UPDATE, DELETE ON hours_history FROM vth_reporting_all, vth_reporting_some;
-- What a rebuild makes anew from the events, in a schema of its own.
GRANT USAGE, CREATE ON SCHEMA public TO vth_reporting_projection;
GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO vth_reporting_projection;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT REFERENCES ON TABLES TO vth_reporting_projection;
ALTER TABLE case_file OWNER TO vth_reporting_projection;
ALTER TABLE product_delivery OWNER TO vth_reporting_projection;
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON document TO vth_reporting_all USING (true);
CREATE POLICY named ON document TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE kpi_measurement ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON kpi_measurement TO vth_reporting_all USING (true);
CREATE POLICY named ON kpi_measurement TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE budget ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON budget TO vth_reporting_all USING (true);
CREATE POLICY named ON budget TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE case_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON case_file TO vth_reporting_all USING (true);
CREATE POLICY named ON case_file TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE product_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON product_delivery TO vth_reporting_all USING (true);
CREATE POLICY named ON product_delivery TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE settlement ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON settlement TO vth_reporting_all USING (true);
CREATE POLICY named ON settlement TO vth_reporting_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE budget_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON budget_line TO vth_reporting_all USING (true);
CREATE POLICY named ON budget_line TO vth_reporting_some
    USING (budget_id IN (SELECT id FROM budget))
    WITH CHECK (true);
ALTER TABLE hour_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON hour_line TO vth_reporting_all USING (true);
CREATE POLICY named ON hour_line TO vth_reporting_some
    USING (participant IS NULL
           OR participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));

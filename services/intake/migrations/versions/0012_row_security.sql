-- The tables belong to vth_intake_owner, which runs this; the service itself owns nothing. It works as
-- vth_intake_all, or as vth_intake_some, which sees the rows of the participants in vth.participants.
GRANT USAGE ON SCHEMA public TO vth_intake_all, vth_intake_some;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vth_intake_all, vth_intake_some;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vth_intake_all, vth_intake_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_intake_all, vth_intake_some;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO vth_intake_all, vth_intake_some;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM vth_intake_all, vth_intake_some;
-- What is written here stays: rows are added, never changed or removed.
REVOKE UPDATE, DELETE ON processing, timeline_entry FROM vth_intake_all, vth_intake_some;
-- What a rebuild makes anew from the events, in a schema of its own.
GRANT USAGE, CREATE ON SCHEMA public TO vth_intake_projection;
GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO vth_intake_projection;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT REFERENCES ON TABLES TO vth_intake_projection;
ALTER TABLE inspection OWNER TO vth_intake_projection;
ALTER TABLE location OWNER TO vth_intake_projection;
ALTER TABLE participant OWNER TO vth_intake_projection;
ALTER TABLE violation OWNER TO vth_intake_projection;
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON document TO vth_intake_all USING (true);
CREATE POLICY named ON document TO vth_intake_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON incident TO vth_intake_all USING (true);
CREATE POLICY named ON incident TO vth_intake_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE inspection ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON inspection TO vth_intake_all USING (true);
CREATE POLICY named ON inspection TO vth_intake_some
    USING (incident_id IN (SELECT id FROM incident))
    WITH CHECK (true);
ALTER TABLE location ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON location TO vth_intake_all USING (true);
CREATE POLICY named ON location TO vth_intake_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE processing ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON processing TO vth_intake_all USING (true);
CREATE POLICY named ON processing TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);
ALTER TABLE timeline_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON timeline_entry TO vth_intake_all USING (true);
CREATE POLICY named ON timeline_entry TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint) OR incident_id IN (SELECT id FROM incident))
    WITH CHECK (true);
ALTER TABLE violation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON violation TO vth_intake_all USING (true);
CREATE POLICY named ON violation TO vth_intake_some
    USING (incident_id IN (SELECT id FROM incident))
    WITH CHECK (true);
ALTER TABLE complaint ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON complaint TO vth_intake_all USING (true);
CREATE POLICY named ON complaint TO vth_intake_some
    USING (participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[]));
ALTER TABLE inspection_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON inspection_request TO vth_intake_all USING (true);
CREATE POLICY named ON inspection_request TO vth_intake_some
    USING (incident_id IN (SELECT id FROM incident))
    WITH CHECK (true);
ALTER TABLE contact_moment ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON contact_moment TO vth_intake_all USING (true);
CREATE POLICY named ON contact_moment TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);
ALTER TABLE outgoing_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON outgoing_mail TO vth_intake_all USING (true);
CREATE POLICY named ON outgoing_mail TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);
ALTER TABLE reporter ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON reporter TO vth_intake_all USING (true);
CREATE POLICY named ON reporter TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);
ALTER TABLE reporter_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON reporter_key TO vth_intake_all USING (true);
CREATE POLICY named ON reporter_key TO vth_intake_some
    USING (complaint_id IN (SELECT id FROM complaint))
    WITH CHECK (true);

-- The tables belong to vth_events_owner, which runs this; vth_events uses them and owns nothing.
GRANT USAGE ON SCHEMA public TO vth_events_all;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vth_events_all;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vth_events_all;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vth_events_all;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO vth_events_all;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM vth_events_all;
-- What was published stays as it was.
REVOKE UPDATE, DELETE ON event_log FROM vth_events_all;

-- What takes a line back, and the line that was taken back, come to nothing together.
ALTER TABLE hour_line ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE hour_line ALTER COLUMN recorded_at SET DEFAULT now();
ALTER TABLE hour_line DROP CONSTRAINT hour_line_state;
ALTER TABLE hour_line ADD CONSTRAINT hour_line_state CHECK (
    state IN ('open', 'ingediend', 'goedgekeurd', 'gesloten', 'verrekend', 'teruggenomen')) NOT VALID;
-- Of a line that is there only its state, its settlement and its case are filled in.
REVOKE UPDATE, DELETE ON hour_line FROM vth_reporting_all, vth_reporting_some;
GRANT UPDATE (state, settlement_id, case_id) ON hour_line TO vth_reporting_all, vth_reporting_some;

ALTER TABLE hour_line VALIDATE CONSTRAINT hour_line_state;

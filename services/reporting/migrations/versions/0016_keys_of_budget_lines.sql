ALTER TABLE budget_line ADD COLUMN source_key TEXT;

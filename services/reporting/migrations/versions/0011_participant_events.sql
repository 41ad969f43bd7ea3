ALTER TABLE participant
    ADD COLUMN version INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN told_version INTEGER DEFAULT 0 NOT NULL;

CREATE FUNCTION participant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version = OLD.version + 1;
    RETURN NEW;
END $$;

CREATE TRIGGER participant_changed BEFORE UPDATE ON participant FOR EACH ROW
    WHEN ((OLD.name, OLD.joined_on, OLD.left_on)
          IS DISTINCT FROM (NEW.name, NEW.joined_on, NEW.left_on))
    EXECUTE FUNCTION participant_changed();

-- A handful of participants: building it takes no time.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX participant_untold ON participant (code) WHERE told_version < version;

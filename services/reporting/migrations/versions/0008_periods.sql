CREATE TABLE period (
    month DATE NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    lines INTEGER DEFAULT 0 NOT NULL,
    minutes INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (month),
    CONSTRAINT period_state CHECK (state IN ('open', 'gesloten')),
    CONSTRAINT period_first_day CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT period_closed CHECK (
        (state = 'gesloten') = (closed_at IS NOT NULL AND closed_by IS NOT NULL))
);

CREATE INDEX period_closed_months ON period (month) WHERE state = 'gesloten';

-- All months that hours may be booked in: a row that is not there cannot be locked.
INSERT INTO period (month)
SELECT month::date FROM generate_series('2000-01-01'::date, '2100-12-01'::date, '1 month') month;

-- Who closed a month closed what lay before it too, and its figures counted those months.
UPDATE period p SET state = 'gesloten', closed_at = c.closed_at, closed_by = c.closed_by,
    lines = CASE WHEN c.month = p.month THEN c.lines ELSE 0 END,
    minutes = CASE WHEN c.month = p.month THEN c.minutes ELSE 0 END
FROM month_close c
WHERE c.month = (SELECT min(month) FROM month_close WHERE month >= p.month);

DROP TABLE month_close;

CREATE FUNCTION require_open_periods(months date[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    closed date;
BEGIN
    -- Waits for who closes the month, and sees what came of it.
    PERFORM FROM period WHERE month = ANY(months) ORDER BY month FOR SHARE;
    SELECT min(asked) INTO closed FROM unnest(months) asked
    WHERE NOT EXISTS (SELECT FROM period p WHERE p.month = asked AND p.state = 'open');
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'period % is not open for hours', closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hour_line_open_period';
    END IF;
END $$;

CREATE FUNCTION hour_lines_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_open_periods(
        ARRAY(SELECT DISTINCT date_trunc('month', booked_on)::date FROM added));
    RETURN NULL;
END $$;

CREATE FUNCTION hour_lines_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_open_periods(
        ARRAY(SELECT DISTINCT date_trunc('month', booked_on)::date FROM removed));
    RETURN NULL;
END $$;

-- Closing and settling move the state of a line; nothing else of it changes in a closed month.
CREATE FUNCTION hour_line_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.state, OLD.state) IN (('gesloten', 'goedgekeurd'), ('verrekend', 'gesloten'))
       AND (NEW.minutes, NEW.product, NEW.kind, NEW.booked_on, NEW.work_date, NEW.employee)
           = (OLD.minutes, OLD.product, OLD.kind, OLD.booked_on, OLD.work_date, OLD.employee)
       AND NEW.participant IS NOT DISTINCT FROM OLD.participant THEN
        RETURN NEW;
    END IF;
    PERFORM require_open_periods(ARRAY[
        date_trunc('month', OLD.booked_on)::date, date_trunc('month', NEW.booked_on)::date]);
    RETURN NEW;
END $$;

CREATE TRIGGER hour_line_added AFTER INSERT ON hour_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hour_lines_added();

CREATE TRIGGER hour_line_removed AFTER DELETE ON hour_line REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hour_lines_removed();

CREATE TRIGGER hour_line_changed BEFORE UPDATE OF
    minutes, product, kind, participant, booked_on, work_date, employee, state ON hour_line
    FOR EACH ROW EXECUTE FUNCTION hour_line_changed();

"""What refuses hours in a closed month, whoever writes them: functions and triggers."""

from typing import Final

REQUIRE_OPEN: Final = """
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
END $$
"""
ADDED: Final = """
CREATE FUNCTION hour_lines_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_open_periods(
        ARRAY(SELECT DISTINCT date_trunc('month', booked_on)::date FROM added));
    RETURN NULL;
END $$
"""
REMOVED: Final = """
CREATE FUNCTION hour_lines_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_open_periods(
        ARRAY(SELECT DISTINCT date_trunc('month', booked_on)::date FROM removed));
    RETURN NULL;
END $$
"""
# Closing and settling move the state of a line; nothing else of it changes in a closed month.
CHANGED: Final = """
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
END $$
"""
ON_INSERT: Final = """
CREATE TRIGGER hour_line_added AFTER INSERT ON hour_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hour_lines_added()
"""
ON_DELETE: Final = """
CREATE TRIGGER hour_line_removed AFTER DELETE ON hour_line REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hour_lines_removed()
"""
ON_UPDATE: Final = """
CREATE TRIGGER hour_line_changed BEFORE UPDATE OF
    minutes, product, kind, participant, booked_on, work_date, employee, state ON hour_line
    FOR EACH ROW EXECUTE FUNCTION hour_line_changed()
"""
STATEMENTS: Final = (REQUIRE_OPEN, ADDED, REMOVED, CHANGED, ON_INSERT, ON_DELETE, ON_UPDATE)

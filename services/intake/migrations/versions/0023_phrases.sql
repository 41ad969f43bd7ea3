-- Part of a name or an address, by its index, for who sees the rows of some participants.
CREATE FUNCTION complaint_said(phrase text, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path = public, pg_temp AS $$
BEGIN
    -- As text, so that it is planned for the phrase that is looked for.
    RETURN QUERY EXECUTE $said$
        SELECT id FROM complaint
        WHERE lower(coalesce(complaint.street, '') || ' ' || coalesce(complaint.house_number, '') || ' ' || coalesce(complaint.city, '') || ' ' || coalesce(complaint.postcode, '')) LIKE lower($1) AND participant = ANY ($2) LIMIT $3
    $said$ USING phrase, NULLIF(current_setting('vth.participants', true), '')::text[], most;
END $$;

REVOKE ALL ON FUNCTION complaint_said(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION complaint_said(text, integer) TO vth_intake_some;

CREATE FUNCTION location_said(phrase text, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path = public, pg_temp AS $$
BEGIN
    -- As text, so that it is planned for the phrase that is looked for.
    RETURN QUERY EXECUTE $said$
        SELECT id FROM location
        WHERE lower(coalesce(location.name, '') || ' ' || coalesce(location.street, '') || ' ' || coalesce(location.house_number, '') || ' ' || coalesce(location.city, '') || ' ' || coalesce(location.postcode, '') || ' ' || coalesce(location.number, '')) LIKE lower($1) AND participant = ANY ($2) LIMIT $3
    $said$ USING phrase, NULLIF(current_setting('vth.participants', true), '')::text[], most;
END $$;

REVOKE ALL ON FUNCTION location_said(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION location_said(text, integer) TO vth_intake_some;

-- Part of a name or an address, by its index, for who sees the rows of some participants.
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
GRANT EXECUTE ON FUNCTION location_said(text, integer) TO vth_enforcement_some;

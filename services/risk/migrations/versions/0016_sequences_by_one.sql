-- The last block of 50 was given out.
SELECT setval('location_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM location_number;
ALTER SEQUENCE location_number INCREMENT BY 1;

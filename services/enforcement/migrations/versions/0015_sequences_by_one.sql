-- The last block of 50 was given out.
SELECT setval('inspection_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM inspection_number;
ALTER SEQUENCE inspection_number INCREMENT BY 1;
SELECT setval('violation_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM violation_number;
ALTER SEQUENCE violation_number INCREMENT BY 1;
SELECT setval('measure_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM measure_number;
ALTER SEQUENCE measure_number INCREMENT BY 1;

-- The last block of 50 was given out.
SELECT setval('complaint_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM complaint_number;
ALTER SEQUENCE complaint_number INCREMENT BY 1;
SELECT setval('incident_number', last_value + CASE WHEN is_called THEN 49 ELSE 0 END, is_called) FROM incident_number;
ALTER SEQUENCE incident_number INCREMENT BY 1;

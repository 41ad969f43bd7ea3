-- What reporting tells the others.
INSERT INTO participant (code, version, name, joined_on)
SELECT code, 1, 'Deelnemer ' || code, DATE '2019-01-01' FROM unnest($participants) AS code;

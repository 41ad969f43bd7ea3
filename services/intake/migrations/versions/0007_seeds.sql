-- What was put into this database when it was made, so that a later release can tell an
-- untouched example from what the agency made of it. A new database has none yet.

CREATE TABLE seed (
    table_name TEXT NOT NULL,
    key TEXT NOT NULL,
    shipped JSONB NOT NULL,
    put_in_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (table_name, key)
);

INSERT INTO seed (table_name, key, shipped)
SELECT 'category', (shipped ->> 'code'), shipped
FROM jsonb_array_elements('[
    {"code": "geur", "name": "Geur of stank", "examples": "mest, chemische lucht, brandlucht", "referral": null, "mapping": "Geurklacht", "position": 1, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "geluid", "name": "Geluid", "examples": "muziek, machines, laden en lossen", "referral": null, "mapping": "Geluidsklacht", "position": 2, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "laagfrequent geluid", "name": "Laagfrequent geluid", "examples": "brommen, dreunen", "referral": null, "mapping": null, "position": 3, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "licht", "name": "Licht", "examples": "lampen, kassen, reclame", "referral": null, "mapping": null, "position": 4, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "trilling", "name": "Trillingen", "examples": "heien, zwaar verkeer op een terrein", "referral": null, "mapping": null, "position": 5, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "stof", "name": "Stof", "examples": "neerslag op auto of ramen", "referral": null, "mapping": "Stofmelding", "position": 6, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "lucht", "name": "Rook of vervuilde lucht", "examples": "rook uit een schoorsteen van een bedrijf", "referral": null, "mapping": null, "position": 7, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "bodem", "name": "Vervuilde grond", "examples": "olie of afval in de bodem", "referral": null, "mapping": null, "position": 8, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "water", "name": "Vervuild water", "examples": "kleur, schuim of dode vissen", "referral": "Voor sloten, rivieren en kanalen kunt u ook het waterschap bellen.", "mapping": null, "position": 9, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "afval", "name": "Afval", "examples": "dumping, opslag of verbranding van afval", "referral": null, "mapping": null, "position": 10, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "asbest", "name": "Asbest", "examples": "verwijderen zonder maatregelen", "referral": null, "mapping": null, "position": 11, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "bouw/sloop", "name": "Bouw of sloop", "examples": "lawaai of stof van een bouwplaats", "referral": null, "mapping": null, "position": 12, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "houtstook", "name": "Houtstook", "examples": "rook van een kachel, vuurkorf of haard", "referral": "Overlast van een kachel bij iemand thuis behandelt uw gemeente.", "mapping": null, "position": 13, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "gevaarlijke stoffen", "name": "Gevaarlijke stoffen", "examples": "lekkage, gaslucht", "referral": null, "mapping": "Calamiteit", "position": 14, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "natuur", "name": "Schade aan natuur", "examples": "kap, verstoring van dieren", "referral": null, "mapping": null, "position": 15, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "overig", "name": "Iets anders", "examples": "als uw klacht er niet bij staat", "referral": null, "mapping": null, "position": 16, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"}
]'::jsonb) AS shipped WHERE EXISTS (SELECT FROM category);

INSERT INTO seed (table_name, key, shipped)
SELECT 'cause', (shipped ->> 'code'), shipped
FROM jsonb_array_elements('[
    {"code": "normale bedrijfsvoering", "name": "Normale bedrijfsvoering", "position": 1, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "storing", "name": "Storing", "position": 2, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "onderhoud", "name": "Onderhoud of schoonmaak", "position": 3, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "opslag", "name": "Wijze van opslag", "position": 4, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "overtreding", "name": "Overtreding van voorschriften", "position": 5, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "ongewoon voorval", "name": "Ongewoon voorval", "position": 6, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "evenement", "name": "Evenement", "position": 7, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "particulier", "name": "Particulier, geen bedrijf", "position": 8, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "weer", "name": "Weersomstandigheden", "position": 9, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"},
    {"code": "onbekend", "name": "Onbekend", "position": 10, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"}
]'::jsonb) AS shipped WHERE EXISTS (SELECT FROM cause);

INSERT INTO seed (table_name, key, shipped)
SELECT 'term_version', (shipped ->> 'version'), shipped
FROM jsonb_array_elements('[
    {"version": 1, "valid_from": "2020-01-01", "confirmed": false, "decision_reference": "voorbeeldwaarde, nog niet vastgesteld"}
]'::jsonb) AS shipped WHERE EXISTS (SELECT FROM term_version);

INSERT INTO seed (table_name, key, shipped)
SELECT 'term', (shipped ->> 'version') || '/' || (shipped ->> 'urgency') || '/' || (shipped ->> 'kind'), shipped
FROM jsonb_array_elements('[
    {"version": 1, "urgency": "normaal", "kind": "ontvangstbevestiging", "working_days": 0},
    {"version": 1, "urgency": "normaal", "kind": "eerste contact", "working_days": 3},
    {"version": 1, "urgency": "normaal", "kind": "terugkoppeling", "working_days": 10},
    {"version": 1, "urgency": "hoog", "kind": "ontvangstbevestiging", "working_days": 0},
    {"version": 1, "urgency": "hoog", "kind": "eerste contact", "working_days": 1},
    {"version": 1, "urgency": "hoog", "kind": "terugkoppeling", "working_days": 5},
    {"version": 1, "urgency": "spoed", "kind": "ontvangstbevestiging", "working_days": 0},
    {"version": 1, "urgency": "spoed", "kind": "eerste contact", "working_days": 0},
    {"version": 1, "urgency": "spoed", "kind": "terugkoppeling", "working_days": 2}
]'::jsonb) AS shipped WHERE EXISTS (SELECT FROM term);

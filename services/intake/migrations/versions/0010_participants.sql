CREATE TABLE participant (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    joined_on DATE NOT NULL,
    left_on DATE,
    PRIMARY KEY (code)
);

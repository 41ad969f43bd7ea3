CREATE TABLE encryption_key (
    purpose TEXT NOT NULL,
    key_id TEXT NOT NULL,
    check_value BYTEA NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (purpose, key_id)
);

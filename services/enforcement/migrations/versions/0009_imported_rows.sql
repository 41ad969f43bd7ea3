CREATE TABLE imported_row (
    kind TEXT NOT NULL,
    source_key TEXT NOT NULL,
    content_hash BYTEA NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (kind, source_key)
);

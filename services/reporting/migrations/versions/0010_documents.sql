CREATE TABLE document (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    participant TEXT,
    template_version INTEGER NOT NULL,
    snapshot BYTEA NOT NULL,
    sha256 TEXT NOT NULL,
    key_id UUID,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX document_subject ON document (subject_id, kind, created_at);

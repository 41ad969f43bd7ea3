CREATE UNLOGGED TABLE rate_limit (
    key TEXT NOT NULL,
    began TIMESTAMP WITH TIME ZONE NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    previous INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX rate_limit_began ON rate_limit (began);

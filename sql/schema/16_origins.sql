CREATE TABLE IF NOT EXISTS raw.origins (
    origin VARCHAR NOT NULL,
    robots_fetched_at TIMESTAMPTZ,
    robots_expires_at TIMESTAMPTZ,
    robots_status VARCHAR,
    robots_text VARCHAR,
    tdmrep_fetched_at TIMESTAMPTZ,
    tdmrep_expires_at TIMESTAMPTZ,
    tdmrep_status VARCHAR,
    tdmrep_text VARCHAR
);

COMMENT ON TABLE raw.origins IS 'One row a scheme, host and port: its robots rules and its text and data mining reservations, kept for at most a day.';
COMMENT ON COLUMN raw.origins.origin IS 'For example https://www.example.org, the port added where it is not the scheme''s own.';
COMMENT ON COLUMN raw.origins.robots_fetched_at IS 'When its robots.txt was asked for.';
COMMENT ON COLUMN raw.origins.robots_expires_at IS 'From then on it is asked for again.';
COMMENT ON COLUMN raw.origins.robots_status IS 'rules, none (4xx: all is allowed) or unreachable (5xx, no answer: all is forbidden), with the reason after a colon.';
COMMENT ON COLUMN raw.origins.robots_text IS 'Its first 500 KiB, as text; NULL without rules.';
COMMENT ON COLUMN raw.origins.tdmrep_fetched_at IS 'When its /.well-known/tdmrep.json was asked for.';
COMMENT ON COLUMN raw.origins.tdmrep_expires_at IS 'From then on it is asked for again.';
COMMENT ON COLUMN raw.origins.tdmrep_status IS 'rules, none or unreachable, with the reason after a colon.';
COMMENT ON COLUMN raw.origins.tdmrep_text IS 'Its JSON, as text; NULL without.';

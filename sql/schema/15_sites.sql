CREATE TABLE IF NOT EXISTS raw.sites (
    site VARCHAR NOT NULL,
    last_request_at TIMESTAMPTZ,
    not_before TIMESTAMPTZ,
    gap_seconds DOUBLE,
    failures INTEGER NOT NULL,
    reason VARCHAR
);

COMMENT ON TABLE raw.sites IS 'One row a registrable domain: when it may be asked again.';
COMMENT ON COLUMN raw.sites.site IS 'Registrable domain; an address or a host without one stands for itself.';
COMMENT ON COLUMN raw.sites.last_request_at IS 'When the last request to it ended.';
COMMENT ON COLUMN raw.sites.not_before IS 'Parked until then; NULL where it is not.';
COMMENT ON COLUMN raw.sites.gap_seconds IS 'Seconds between requests: the setting, or its Crawl-delay where that is longer.';
COMMENT ON COLUMN raw.sites.failures IS 'Requests in a row that failed to reach it.';
COMMENT ON COLUMN raw.sites.reason IS 'Why it is parked.';

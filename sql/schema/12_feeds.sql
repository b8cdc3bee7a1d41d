CREATE TABLE IF NOT EXISTS raw.feeds (
    feed_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    next_fetch_at TIMESTAMPTZ,
    failures DOUBLE,
    poll_minutes INTEGER,
    last_status VARCHAR,
    last_new_at TIMESTAMPTZ
);

COMMENT ON TABLE raw.feeds IS 'One row a feed or sitemap, with what polling it needs to remember.';
COMMENT ON COLUMN raw.feeds.feed_id IS 'Hash of the feed''s address.';
COMMENT ON COLUMN raw.feeds.source_id IS 'Source it belongs to; references sources.';
COMMENT ON COLUMN raw.feeds.url IS 'Address of the feed.';
COMMENT ON COLUMN raw.feeds.etag IS 'Validator of the last answer, byte for byte.';
COMMENT ON COLUMN raw.feeds.last_modified IS 'Last-Modified of the last answer, byte for byte.';
COMMENT ON COLUMN raw.feeds.next_fetch_at IS 'Not polled before this time.';
COMMENT ON COLUMN raw.feeds.failures IS 'Failure score; 0 is healthy.';
COMMENT ON COLUMN raw.feeds.poll_minutes IS 'Minutes between polls at present.';
COMMENT ON COLUMN raw.feeds.last_status IS 'What the last poll gave.';
COMMENT ON COLUMN raw.feeds.last_new_at IS 'When it last had an entry not seen before.';

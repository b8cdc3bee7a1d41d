CREATE TABLE IF NOT EXISTS raw.feeds (
    feed_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    parent_id VARCHAR,
    title VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    payload_sha256 VARCHAR,
    polled_at TIMESTAMPTZ,
    next_fetch_at TIMESTAMPTZ,
    failures DOUBLE,
    poll_minutes INTEGER,
    new_per_day DOUBLE,
    entry_count INTEGER,
    last_status VARCHAR,
    last_success_at TIMESTAMPTZ,
    last_new_at TIMESTAMPTZ,
    run_id VARCHAR
);

COMMENT ON TABLE raw.feeds IS 'One row a feed or sitemap, with what polling it needs to remember.';
COMMENT ON COLUMN raw.feeds.feed_id IS 'Hash of source and address.';
COMMENT ON COLUMN raw.feeds.source_id IS 'Source it belongs to; references sources.';
COMMENT ON COLUMN raw.feeds.kind IS 'feed or sitemap.';
COMMENT ON COLUMN raw.feeds.url IS 'Address of the feed.';
COMMENT ON COLUMN raw.feeds.parent_id IS 'Sitemap index that named it; NULL where sources.yaml or robots.txt did.';
COMMENT ON COLUMN raw.feeds.title IS 'Its title, as stated.';
COMMENT ON COLUMN raw.feeds.etag IS 'Validator of the last answer, byte for byte.';
COMMENT ON COLUMN raw.feeds.last_modified IS 'Last-Modified of the last answer, byte for byte.';
COMMENT ON COLUMN raw.feeds.payload_sha256 IS 'Payload of the last answer: an equal one is not read again.';
COMMENT ON COLUMN raw.feeds.polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN raw.feeds.next_fetch_at IS 'Not polled before this time.';
COMMENT ON COLUMN raw.feeds.failures IS 'Failure score; 0 is healthy, a lasting fault counts 1, a passing one less.';
COMMENT ON COLUMN raw.feeds.poll_minutes IS 'Minutes between polls at present.';
COMMENT ON COLUMN raw.feeds.new_per_day IS 'New entries a day, smoothed over its polls.';
COMMENT ON COLUMN raw.feeds.entry_count IS 'Entries of the last answer that was read.';
COMMENT ON COLUMN raw.feeds.last_status IS 'What the last poll gave: ok, unchanged, or a reason that begins with a code.';
COMMENT ON COLUMN raw.feeds.last_success_at IS 'When it was last answered well.';
COMMENT ON COLUMN raw.feeds.last_new_at IS 'When it last had an entry not seen before.';
COMMENT ON COLUMN raw.feeds.run_id IS 'Dagster run that wrote the row last.';

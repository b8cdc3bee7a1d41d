CREATE TABLE IF NOT EXISTS raw.pages (
    page_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    site VARCHAR NOT NULL,
    feed_id VARCHAR,
    entry_id VARCHAR,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    next_fetch_at TIMESTAMPTZ,
    checked_at TIMESTAMPTZ,
    captured_at TIMESTAMPTZ,
    capture_count INTEGER NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    payload_sha256 VARCHAR,
    canonical_page_id VARCHAR,
    last_status VARCHAR,
    run_id VARCHAR
);

COMMENT ON TABLE raw.pages IS 'One row an address that a source asked for: the frontier, and what visiting it again needs to remember.';
COMMENT ON COLUMN raw.pages.page_id IS 'Hash of the normalised address: two spellings of one address are one page.';
COMMENT ON COLUMN raw.pages.source_id IS 'Source that named it first; references sources.';
COMMENT ON COLUMN raw.pages.url IS 'Address to ask for, tracking parameters removed.';
COMMENT ON COLUMN raw.pages.site IS 'Registrable domain: what politeness counts by.';
COMMENT ON COLUMN raw.pages.feed_id IS 'Feed or sitemap that named it first; NULL for lists of addresses.';
COMMENT ON COLUMN raw.pages.entry_id IS 'What was last stated of it; references raw.feed_entries.';
COMMENT ON COLUMN raw.pages.state IS 'waiting (to be asked for from next_fetch_at on), captured, same (canonical_page_id shows the same article), refused or given_up.';
COMMENT ON COLUMN raw.pages.attempts IS 'Visits in a row that gave nothing.';
COMMENT ON COLUMN raw.pages.first_seen_at IS 'When it was first named.';
COMMENT ON COLUMN raw.pages.next_fetch_at IS 'When it is to be asked for (again); NULL: no more, unless its feed says that it changed.';
COMMENT ON COLUMN raw.pages.checked_at IS 'When it was last asked for.';
COMMENT ON COLUMN raw.pages.captured_at IS 'When it was first captured.';
COMMENT ON COLUMN raw.pages.capture_count IS 'Captures so far, answers without change left out.';
COMMENT ON COLUMN raw.pages.etag IS 'Validator of the last answer, byte for byte.';
COMMENT ON COLUMN raw.pages.last_modified IS 'Last-Modified of the last answer, byte for byte.';
COMMENT ON COLUMN raw.pages.payload_sha256 IS 'Payload of the last capture.';
COMMENT ON COLUMN raw.pages.canonical_page_id IS 'Page that it names as canonical on the same site, where that is another one.';
COMMENT ON COLUMN raw.pages.last_status IS 'What the last visit gave: ok, unchanged, or a reason that begins with a code.';
COMMENT ON COLUMN raw.pages.run_id IS 'Dagster run that wrote the row last.';

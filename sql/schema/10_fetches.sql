CREATE TABLE IF NOT EXISTS raw.fetches (
    fetch_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    location VARCHAR,
    target_uri VARCHAR,
    final_uri VARCHAR,
    fetched_at TIMESTAMPTZ NOT NULL,
    fetch_date DATE NOT NULL,
    http_status INTEGER,
    content_type VARCHAR,
    charset VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    payload_sha256 VARCHAR,
    payload_bytes BIGINT,
    archive_path VARCHAR,
    payload_digest VARCHAR,
    refers_to_uri VARCHAR,
    refers_to_at TIMESTAMPTZ,
    robots_verdict VARCHAR,
    tdm_reservation VARCHAR,
    usage_preference VARCHAR,
    robots_meta VARCHAR,
    entry_id VARCHAR,
    outcome VARCHAR NOT NULL,
    outcome_reason VARCHAR,
    run_id VARCHAR
);

COMMENT ON TABLE raw.fetches IS 'One row a capture: one payload from one place at one time.';
COMMENT ON COLUMN raw.fetches.fetch_id IS 'Hash of source, address or location, payload, and the capture''s own time where the source states one.';
COMMENT ON COLUMN raw.fetches.source_id IS 'Source the capture came through; references sources.';
COMMENT ON COLUMN raw.fetches.kind IS 'How it arrived: file, warc, feed, sitemap, page, or feed_entry (the text that a feed carries).';
COMMENT ON COLUMN raw.fetches.location IS 'Where the bytes were read, relative to the source: a file''s path, or a WARC''s path and record.';
COMMENT ON COLUMN raw.fetches.target_uri IS 'Address of the page; NULL where a file came without one.';
COMMENT ON COLUMN raw.fetches.final_uri IS 'Address after redirects; NULL where it is the target.';
COMMENT ON COLUMN raw.fetches.fetched_at IS 'When the bytes were captured: the source''s own statement, else the time of reading (UTC).';
COMMENT ON COLUMN raw.fetches.fetch_date IS 'UTC day of fetched_at: the partition.';
COMMENT ON COLUMN raw.fetches.http_status IS 'Status of the answer; NULL for files.';
COMMENT ON COLUMN raw.fetches.content_type IS 'Media type without parameters, as declared or by file name.';
COMMENT ON COLUMN raw.fetches.charset IS 'Character set as declared by the transport.';
COMMENT ON COLUMN raw.fetches.etag IS 'Validator of the answer, byte for byte.';
COMMENT ON COLUMN raw.fetches.last_modified IS 'Last-Modified of the answer, byte for byte.';
COMMENT ON COLUMN raw.fetches.payload_sha256 IS 'SHA-256 of the archived payload; NULL where nothing was archived.';
COMMENT ON COLUMN raw.fetches.payload_bytes IS 'Length of the payload in bytes, uncompressed.';
COMMENT ON COLUMN raw.fetches.archive_path IS 'Path of the payload below the archive''s root; of a revisit, that of the capture it refers to, NULL until that is known.';
COMMENT ON COLUMN raw.fetches.payload_digest IS 'Of a WARC record: the digest that names its payload, as algorithm:hex, NULL where it is not that of the bytes; of a revisit, the one that it names.';
COMMENT ON COLUMN raw.fetches.refers_to_uri IS 'Of a revisit: address of the capture whose payload it found again.';
COMMENT ON COLUMN raw.fetches.refers_to_at IS 'Of a revisit: time of that capture.';
COMMENT ON COLUMN raw.fetches.robots_verdict IS 'allowed, disallowed (its rules forbid it) or unreachable (its rules could not be had, which forbids all); NULL where robots rules do not apply.';
COMMENT ON COLUMN raw.fetches.tdm_reservation IS 'The site''s text and data mining reservation, as stated: 1 or 0, the policy''s address, and where it was read (header, meta, tdmrep).';
COMMENT ON COLUMN raw.fetches.usage_preference IS 'Content-Usage or Content-Signal of the answer, as stated.';
COMMENT ON COLUMN raw.fetches.robots_meta IS 'What X-Robots-Tag and the page''s robots meta say, as stated.';
COMMENT ON COLUMN raw.fetches.entry_id IS 'What a feed or sitemap said of the page when it was fetched; references raw.feed_entries.';
COMMENT ON COLUMN raw.fetches.outcome IS 'captured (payload archived and readable), rejected (an input that cannot be used), failed (asked for on the web, nothing usable came) or refused (not asked for: robots rules, or an address that is not public).';
COMMENT ON COLUMN raw.fetches.outcome_reason IS 'Why there is no payload, or what is wrong with it, in words that begin with a code and a colon; of a captured payload, a remark.';
COMMENT ON COLUMN raw.fetches.run_id IS 'Dagster run that wrote the row.';

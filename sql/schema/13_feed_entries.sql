CREATE TABLE IF NOT EXISTS raw.feed_entries (
    entry_id VARCHAR NOT NULL,
    feed_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    guid VARCHAR,
    title VARCHAR,
    summary VARCHAR,
    authors VARCHAR[],
    date_published TIMESTAMPTZ,
    date_published_text VARCHAR,
    date_modified TIMESTAMPTZ,
    content_sha256 VARCHAR,
    content_path VARCHAR,
    fetch_id VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE raw.feed_entries IS 'One row an entry as a feed or sitemap stated it; a statement that changes is a new row.';
COMMENT ON COLUMN raw.feed_entries.entry_id IS 'Hash of the feed and what it states of the page: title, authors, dates, its own id.';
COMMENT ON COLUMN raw.feed_entries.feed_id IS 'Feed or sitemap; references raw.feeds.';
COMMENT ON COLUMN raw.feed_entries.source_id IS 'Its source; references sources.';
COMMENT ON COLUMN raw.feed_entries.page_id IS 'Page it is about; references raw.pages.';
COMMENT ON COLUMN raw.feed_entries.url IS 'Address of the page, as stated, made absolute.';
COMMENT ON COLUMN raw.feed_entries.guid IS 'The feed''s own id of the entry.';
COMMENT ON COLUMN raw.feed_entries.title IS 'Title as plain text.';
COMMENT ON COLUMN raw.feed_entries.summary IS 'Summary as plain text.';
COMMENT ON COLUMN raw.feed_entries.authors IS 'Authors as stated.';
COMMENT ON COLUMN raw.feed_entries.date_published IS 'Date of publication as the feed states it (UTC).';
COMMENT ON COLUMN raw.feed_entries.date_published_text IS 'Date of publication, as the feed prints it.';
COMMENT ON COLUMN raw.feed_entries.date_modified IS 'Date of the last change as stated (UTC): updated of a feed, lastmod of a sitemap.';
COMMENT ON COLUMN raw.feed_entries.content_sha256 IS 'Full text that the feed carries, archived; NULL where it carries none.';
COMMENT ON COLUMN raw.feed_entries.content_path IS 'Path of that text below the archive''s root.';
COMMENT ON COLUMN raw.feed_entries.fetch_id IS 'Capture of the feed that stated it first; references raw.fetches.';
COMMENT ON COLUMN raw.feed_entries.first_seen_at IS 'When it was first stated, as far as captured (UTC).';
COMMENT ON COLUMN raw.feed_entries.run_id IS 'Dagster run that wrote the row.';

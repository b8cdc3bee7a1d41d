CREATE TABLE IF NOT EXISTS staging.articles (
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    payload_sha256 VARCHAR,
    extraction_error VARCHAR,
    article_id VARCHAR,
    source_id VARCHAR NOT NULL,
    publisher_id VARCHAR,
    publisher_name VARCHAR,
    site_name VARCHAR,
    url VARCHAR,
    canonical_url VARCHAR,
    headline VARCHAR,
    byline VARCHAR,
    authors VARCHAR[],
    agencies VARCHAR[],
    dateline VARCHAR,
    dateline_place VARCHAR,
    date_published TIMESTAMPTZ,
    date_published_precision VARCHAR,
    date_published_source VARCHAR,
    date_modified TIMESTAMPTZ,
    in_language VARCHAR,
    text_direction VARCHAR,
    article_section VARCHAR,
    description VARCHAR,
    article_body VARCHAR,
    word_count INTEGER,
    body_sha256 VARCHAR,
    is_accessible_for_free BOOLEAN,
    content_sha256 VARCHAR,
    extractor VARCHAR,
    extractor_version VARCHAR NOT NULL,
    run_id VARCHAR,
    reading_no INTEGER
);

COMMENT ON TABLE staging.articles IS 'One row an extracted capture that awaits validation.';
COMMENT ON COLUMN staging.articles.fetch_id IS 'Capture.';
COMMENT ON COLUMN staging.articles.fetch_date IS 'Partition of that capture.';
COMMENT ON COLUMN staging.articles.fetched_at IS 'When the bytes were captured.';
COMMENT ON COLUMN staging.articles.payload_sha256 IS 'Its bytes; NULL for a revisit.';
COMMENT ON COLUMN staging.articles.extraction_error IS 'Why extraction failed; NULL where it did not.';
COMMENT ON COLUMN staging.articles.article_id IS 'Hash of the normalised address; of source and payload where there is none.';
COMMENT ON COLUMN staging.articles.source_id IS 'Who carries the page.';
COMMENT ON COLUMN staging.articles.publisher_id IS 'Who wrote it.';
COMMENT ON COLUMN staging.articles.publisher_name IS 'Who wrote it, as the page says.';
COMMENT ON COLUMN staging.articles.site_name IS 'Who carries it, as the page says.';
COMMENT ON COLUMN staging.articles.url IS 'Address it was captured at.';
COMMENT ON COLUMN staging.articles.canonical_url IS 'Address that the page calls its own.';
COMMENT ON COLUMN staging.articles.headline IS 'Headline without the site''s name.';
COMMENT ON COLUMN staging.articles.byline IS 'Line naming the authors, as printed.';
COMMENT ON COLUMN staging.articles.authors IS 'Names of the authors.';
COMMENT ON COLUMN staging.articles.agencies IS 'News agencies that the page credits for the text.';
COMMENT ON COLUMN staging.articles.dateline IS 'Place and date line that opens the text, as printed.';
COMMENT ON COLUMN staging.articles.dateline_place IS 'Place that the dateline names.';
COMMENT ON COLUMN staging.articles.date_published IS 'When the page says it was published (UTC); NULL where it does not say.';
COMMENT ON COLUMN staging.articles.date_published_precision IS 'second, minute, day, month or year: how much of date_published is stated.';
COMMENT ON COLUMN staging.articles.date_published_source IS 'Where it was read: json_ld, meta, time, url, text, dateline or feed.';
COMMENT ON COLUMN staging.articles.date_modified IS 'When the page says it was last changed (UTC).';
COMMENT ON COLUMN staging.articles.in_language IS 'ISO 639-1 code of the body''s language.';
COMMENT ON COLUMN staging.articles.text_direction IS 'ltr or rtl.';
COMMENT ON COLUMN staging.articles.article_section IS 'Section or rubric, as printed.';
COMMENT ON COLUMN staging.articles.description IS 'Summary given by the publisher.';
COMMENT ON COLUMN staging.articles.article_body IS 'Text as a careful editor would keep it: NFC, paragraphs joined by a blank line.';
COMMENT ON COLUMN staging.articles.word_count IS 'Words in the body; characters for scripts without spaces.';
COMMENT ON COLUMN staging.articles.body_sha256 IS 'SHA-256 of the body.';
COMMENT ON COLUMN staging.articles.is_accessible_for_free IS 'False where the page says it is behind a paywall; NULL where it does not say.';
COMMENT ON COLUMN staging.articles.content_sha256 IS 'Hash of all that is compared between versions.';
COMMENT ON COLUMN staging.articles.extractor IS 'Reader that made it.';
COMMENT ON COLUMN staging.articles.extractor_version IS 'Version of the extraction code.';
COMMENT ON COLUMN staging.articles.run_id IS 'Dagster run that wrote the row.';
COMMENT ON COLUMN staging.articles.reading_no IS 'As in ops.extractions.';

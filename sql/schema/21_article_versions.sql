CREATE TABLE IF NOT EXISTS article_versions (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    source_id VARCHAR NOT NULL,
    publisher_id VARCHAR,
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
    article_body VARCHAR NOT NULL,
    word_count INTEGER,
    body_sha256 VARCHAR,
    is_accessible_for_free BOOLEAN,
    content_sha256 VARCHAR NOT NULL,
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    extractor VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    change_kind VARCHAR NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ,
    run_id VARCHAR
);

COMMENT ON TABLE article_versions IS 'One row an article and version. Versions are never overwritten; the view articles has the current ones.';
COMMENT ON COLUMN article_versions.article_id IS 'Hash of the normalised address; of source and payload where there is none.';
COMMENT ON COLUMN article_versions.version IS '1 for the first, counted up at each change.';
COMMENT ON COLUMN article_versions.source_id IS 'Who carries the page (host); references sources.';
COMMENT ON COLUMN article_versions.publisher_id IS 'Who wrote it; references sources. NULL where the page does not tell.';
COMMENT ON COLUMN article_versions.url IS 'Address it was captured at.';
COMMENT ON COLUMN article_versions.canonical_url IS 'Address that the page calls its own.';
COMMENT ON COLUMN article_versions.headline IS 'Headline without the site''s name.';
COMMENT ON COLUMN article_versions.byline IS 'Line naming the authors, as printed.';
COMMENT ON COLUMN article_versions.authors IS 'Names of the authors.';
COMMENT ON COLUMN article_versions.agencies IS 'News agencies that the page credits for the text, as printed.';
COMMENT ON COLUMN article_versions.dateline IS 'Place and date line that opens the text, as printed.';
COMMENT ON COLUMN article_versions.dateline_place IS 'Place that the dateline names, as printed.';
COMMENT ON COLUMN article_versions.date_published IS 'When the page says it was published (UTC); NULL where it does not say.';
COMMENT ON COLUMN article_versions.date_published_precision IS 'second, minute, day, month or year: how much of date_published is stated.';
COMMENT ON COLUMN article_versions.date_published_source IS 'Where it was read: json_ld, meta, time, url, text, dateline or feed.';
COMMENT ON COLUMN article_versions.date_modified IS 'When the page says it was last changed (UTC).';
COMMENT ON COLUMN article_versions.in_language IS 'ISO 639-1 code of the body''s language.';
COMMENT ON COLUMN article_versions.text_direction IS 'ltr or rtl: the direction most of the body''s letters run in.';
COMMENT ON COLUMN article_versions.article_section IS 'Section or rubric, as printed.';
COMMENT ON COLUMN article_versions.description IS 'Summary given by the publisher.';
COMMENT ON COLUMN article_versions.article_body IS 'Text as a careful editor would keep it: NFC, paragraphs joined by a blank line.';
COMMENT ON COLUMN article_versions.word_count IS 'Words in the body; characters for scripts without spaces.';
COMMENT ON COLUMN article_versions.body_sha256 IS 'SHA-256 of the body.';
COMMENT ON COLUMN article_versions.is_accessible_for_free IS 'False where the page says it is behind a paywall; NULL where it does not say.';
COMMENT ON COLUMN article_versions.content_sha256 IS 'Hash of all that is compared between versions: headline, body and stated metadata.';
COMMENT ON COLUMN article_versions.fetch_id IS 'Capture it was first seen in; references raw.fetches.';
COMMENT ON COLUMN article_versions.fetch_date IS 'UTC day of that capture: the partition.';
COMMENT ON COLUMN article_versions.extractor IS 'Reader that made it: html or plain_text.';
COMMENT ON COLUMN article_versions.extractor_version IS 'Version of the extraction code.';
COMMENT ON COLUMN article_versions.change_kind IS 'first, publisher_edit (they changed it), re_extraction (we changed it), manual_fix or takedown.';
COMMENT ON COLUMN article_versions.valid_from IS 'When this version was first captured.';
COMMENT ON COLUMN article_versions.valid_to IS 'When the next version was first captured; NULL for the current one.';
COMMENT ON COLUMN article_versions.run_id IS 'Dagster run that wrote the row.';

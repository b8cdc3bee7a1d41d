CREATE OR REPLACE VIEW articles AS
SELECT *
FROM main.article_versions
WHERE valid_to IS NULL;

COMMENT ON VIEW articles IS 'One row an article: its current version.';
-- As in article_versions; a test compares the two.
COMMENT ON COLUMN articles.article_id IS 'Hash of the normalised address; of source and payload where there is none.';
COMMENT ON COLUMN articles.version IS '1 for the first, counted up at each change.';
COMMENT ON COLUMN articles.source_id IS 'Who carries the page (host); references sources.';
COMMENT ON COLUMN articles.publisher_id IS 'Who wrote it; references sources. NULL where the page does not tell.';
COMMENT ON COLUMN articles.url IS 'Address it was captured at.';
COMMENT ON COLUMN articles.canonical_url IS 'Address that the page calls its own.';
COMMENT ON COLUMN articles.headline IS 'Headline without the site''s name.';
COMMENT ON COLUMN articles.byline IS 'Line naming the authors, as printed.';
COMMENT ON COLUMN articles.authors IS 'Names of the authors.';
COMMENT ON COLUMN articles.agencies IS 'News agencies that the page credits for the text, as printed.';
COMMENT ON COLUMN articles.dateline IS 'Place and date line that opens the text, as printed.';
COMMENT ON COLUMN articles.dateline_place IS 'Place that the dateline names, as printed.';
COMMENT ON COLUMN articles.date_published IS 'When the page says it was published (UTC); NULL where it does not say.';
COMMENT ON COLUMN articles.date_published_precision IS 'second, minute, day, month or year: how much of date_published is stated.';
COMMENT ON COLUMN articles.date_published_source IS 'Where it was read: json_ld, meta, time, url, text, dateline or feed.';
COMMENT ON COLUMN articles.date_modified IS 'When the page says it was last changed (UTC).';
COMMENT ON COLUMN articles.in_language IS 'ISO 639-1 code of the body''s language.';
COMMENT ON COLUMN articles.text_direction IS 'ltr or rtl: the direction most of the body''s letters run in.';
COMMENT ON COLUMN articles.article_section IS 'Section or rubric, as printed.';
COMMENT ON COLUMN articles.description IS 'Summary given by the publisher.';
COMMENT ON COLUMN articles.article_body IS 'Text as a careful editor would keep it: NFC, paragraphs joined by a blank line.';
COMMENT ON COLUMN articles.word_count IS 'Words in the body; characters for scripts without spaces.';
COMMENT ON COLUMN articles.body_sha256 IS 'SHA-256 of the body.';
COMMENT ON COLUMN articles.is_accessible_for_free IS 'False where the page says it is behind a paywall; NULL where it does not say.';
COMMENT ON COLUMN articles.content_sha256 IS 'Hash of all that is compared between versions: headline, body and stated metadata.';
COMMENT ON COLUMN articles.fetch_id IS 'Capture it was first seen in; references raw.fetches.';
COMMENT ON COLUMN articles.fetch_date IS 'UTC day of that capture: the partition.';
COMMENT ON COLUMN articles.extractor IS 'Reader that made it: html or plain_text.';
COMMENT ON COLUMN articles.extractor_version IS 'Version of the extraction code.';
COMMENT ON COLUMN articles.change_kind IS 'first, publisher_edit (they changed it), re_extraction (we changed it), manual_fix or takedown.';
COMMENT ON COLUMN articles.valid_from IS 'When this version was first captured.';
COMMENT ON COLUMN articles.valid_to IS 'When the next version was first captured; NULL for the current one.';
COMMENT ON COLUMN articles.run_id IS 'Dagster run that wrote the row.';

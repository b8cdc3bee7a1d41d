CREATE TABLE IF NOT EXISTS ops.extractions (
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    payload_sha256 VARCHAR,
    extractor_version VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    outcome_reason VARCHAR,
    article_id VARCHAR,
    content_sha256 VARCHAR,
    extracted_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR,
    reading_no INTEGER
);

COMMENT ON TABLE ops.extractions IS 'One row a capture and extractor version: what became of it. kept + quarantined + skipped = captured.';
COMMENT ON COLUMN ops.extractions.fetch_id IS 'Capture; references raw.fetches.';
COMMENT ON COLUMN ops.extractions.fetch_date IS 'UTC day of that capture: the partition.';
COMMENT ON COLUMN ops.extractions.fetched_at IS 'When the bytes were captured.';
COMMENT ON COLUMN ops.extractions.payload_sha256 IS 'SHA-256 of the captured bytes.';
COMMENT ON COLUMN ops.extractions.extractor_version IS 'Version of the extraction code.';
COMMENT ON COLUMN ops.extractions.outcome IS 'kept (an article has this content), quarantined or skipped.';
COMMENT ON COLUMN ops.extractions.outcome_reason IS 'Why it was skipped: duplicate_payload, same_reading (read again, with the same result), not_text, is_feed, ...';
COMMENT ON COLUMN ops.extractions.article_id IS 'Article it belongs to; NULL where skipped.';
COMMENT ON COLUMN ops.extractions.content_sha256 IS 'Hash of the content it holds, to be compared with other captures of the article.';
COMMENT ON COLUMN ops.extractions.extracted_at IS 'When it was read by this version (UTC).';
COMMENT ON COLUMN ops.extractions.run_id IS 'Dagster run that wrote the row.';
COMMENT ON COLUMN ops.extractions.reading_no IS 'NULL or 0 for the first reading by this version; one more for each after lines of its source were learnt.';

CREATE TABLE IF NOT EXISTS ops.line_sightings (
    source_id VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    line_key VARCHAR NOT NULL,
    line_text VARCHAR NOT NULL,
    counts BOOLEAN NOT NULL,
    document_key VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    extractor_version VARCHAR NOT NULL,
    is_weighed BOOLEAN NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE ops.line_sightings IS 'One row a line of a plain text capture that may be its source''s chrome and is not learnt yet.';
COMMENT ON COLUMN ops.line_sightings.source_id IS 'Who carries the page: its site, or the source it was captured by.';
COMMENT ON COLUMN ops.line_sightings.side IS 'Where it stands: above the headline, under it, or below the text.';
COMMENT ON COLUMN ops.line_sightings.line_key IS 'Hash of its letters, all numbers alike.';
COMMENT ON COLUMN ops.line_sightings.line_text IS 'The line, as printed.';
COMMENT ON COLUMN ops.line_sightings.counts IS 'True where it is evidence; at the end of the text it is only with a second sign.';
COMMENT ON COLUMN ops.line_sightings.document_key IS 'Hash of the paragraph in the middle of the text: copies of an article count once.';
COMMENT ON COLUMN ops.line_sightings.article_id IS 'Article it was read as: versions of an article count once.';
COMMENT ON COLUMN ops.line_sightings.fetch_id IS 'Capture; references raw.fetches.';
COMMENT ON COLUMN ops.line_sightings.fetch_date IS 'UTC day of that capture: the partition.';
COMMENT ON COLUMN ops.line_sightings.extractor_version IS 'Version of the extraction code that saw it.';
COMMENT ON COLUMN ops.line_sightings.is_weighed IS 'False until it was asked whether its line is learnt with it.';
COMMENT ON COLUMN ops.line_sightings.run_id IS 'Dagster run that wrote the row.';

CREATE TABLE IF NOT EXISTS ops.learnt_lines (
    source_id VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    line_key VARCHAR NOT NULL,
    line_text VARCHAR NOT NULL,
    documents INTEGER NOT NULL,
    extractor_version VARCHAR NOT NULL,
    learnt_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE ops.learnt_lines IS 'One row a line that a source prints around its articles, learnt from its plain text captures; dropped as text.learnt.';
COMMENT ON COLUMN ops.learnt_lines.source_id IS 'Who carries the pages.';
COMMENT ON COLUMN ops.learnt_lines.side IS 'Where it stands: above the headline, under it, or below the text.';
COMMENT ON COLUMN ops.learnt_lines.line_key IS 'Hash of its letters, all numbers alike.';
COMMENT ON COLUMN ops.learnt_lines.line_text IS 'The line as one document prints it.';
COMMENT ON COLUMN ops.learnt_lines.documents IS 'Different articles that it stood beside when it was learnt.';
COMMENT ON COLUMN ops.learnt_lines.extractor_version IS 'Version of the extraction code that learnt it.';
COMMENT ON COLUMN ops.learnt_lines.learnt_at IS 'When it was learnt (UTC).';
COMMENT ON COLUMN ops.learnt_lines.run_id IS 'Dagster run that wrote the row.';

CREATE TABLE IF NOT EXISTS ops.rereadings (
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    extractor_version VARCHAR NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE ops.rereadings IS 'One row a capture to be read again because a line of it was learnt after it was read; emptied as that is done.';
COMMENT ON COLUMN ops.rereadings.fetch_id IS 'Capture; references raw.fetches.';
COMMENT ON COLUMN ops.rereadings.fetch_date IS 'UTC day of that capture: the partition.';
COMMENT ON COLUMN ops.rereadings.extractor_version IS 'Version of the extraction code that read it.';
COMMENT ON COLUMN ops.rereadings.due_at IS 'When the line was learnt.';
COMMENT ON COLUMN ops.rereadings.run_id IS 'Dagster run that learnt it.';

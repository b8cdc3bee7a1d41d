CREATE TABLE IF NOT EXISTS ops.recognitions (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recognizer_version VARCHAR NOT NULL,
    mention_count INTEGER NOT NULL,
    recognised_at TIMESTAMPTZ,
    run_id VARCHAR
);

COMMENT ON TABLE ops.recognitions IS 'One row an article version and recognizer version: that recognition was done, mentions or none.';
COMMENT ON COLUMN ops.recognitions.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN ops.recognitions.version IS 'Version of the article.';
COMMENT ON COLUMN ops.recognitions.recognizer_version IS 'Version of the recognition code and model.';
COMMENT ON COLUMN ops.recognitions.mention_count IS 'Mentions found.';
COMMENT ON COLUMN ops.recognitions.recognised_at IS 'When it was done (UTC).';
COMMENT ON COLUMN ops.recognitions.run_id IS 'Dagster run that wrote the row.';

CREATE TABLE IF NOT EXISTS ops.snapshots (
    snapshot_id VARCHAR NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    article_count BIGINT NOT NULL,
    mention_count BIGINT NOT NULL,
    entity_count BIGINT NOT NULL,
    run_id VARCHAR,
    override_ids VARCHAR[]
);

COMMENT ON TABLE ops.snapshots IS 'One row a published snapshot; the last one describes the file it is in.';
COMMENT ON COLUMN ops.snapshots.snapshot_id IS 'The run that published it.';
COMMENT ON COLUMN ops.snapshots.published_at IS 'When it was published (UTC).';
COMMENT ON COLUMN ops.snapshots.article_count IS 'Current articles in it.';
COMMENT ON COLUMN ops.snapshots.mention_count IS 'Mentions in it.';
COMMENT ON COLUMN ops.snapshots.entity_count IS 'Entities in it.';
COMMENT ON COLUMN ops.snapshots.run_id IS 'Dagster run that wrote the row.';
COMMENT ON COLUMN ops.snapshots.override_ids IS 'Overrides that it was published by, each against a blocking check; references ops.overrides.';

CREATE TABLE IF NOT EXISTS ops.runs (
    run_id VARCHAR NOT NULL,
    partition_key DATE NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    status VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL,
    rows_in BIGINT,
    rows_out BIGINT,
    rows_quarantined BIGINT,
    rows_skipped BIGINT
);

COMMENT ON TABLE ops.runs IS 'One row a run and partition.';
COMMENT ON COLUMN ops.runs.run_id IS 'Id of the Dagster run.';
COMMENT ON COLUMN ops.runs.partition_key IS 'Day that was worked on.';
COMMENT ON COLUMN ops.runs.started_at IS 'When it began (UTC).';
COMMENT ON COLUMN ops.runs.ended_at IS 'When it ended (UTC); NULL while it runs.';
COMMENT ON COLUMN ops.runs.status IS 'started, success, failed, or interrupted (killed; found by a later run).';
COMMENT ON COLUMN ops.runs.code_version IS 'Versions of newsledger, extractor and recognizer.';
COMMENT ON COLUMN ops.runs.rows_in IS 'Captures taken in by this run.';
COMMENT ON COLUMN ops.runs.rows_out IS 'Article versions written by this run.';
COMMENT ON COLUMN ops.runs.rows_quarantined IS 'Captures quarantined by this run.';
COMMENT ON COLUMN ops.runs.rows_skipped IS 'Captures skipped by this run, with their reason in ops.extractions.';

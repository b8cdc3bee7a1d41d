CREATE TABLE IF NOT EXISTS ops.quality_results (
    run_id VARCHAR NOT NULL,
    partition_key DATE NOT NULL,
    asset_key VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    column_name VARCHAR,
    severity VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    observed VARCHAR,
    element_count BIGINT,
    unexpected_count BIGINT,
    failing_keys VARCHAR[],
    error VARCHAR,
    checked_at TIMESTAMPTZ NOT NULL
);

COMMENT ON TABLE ops.quality_results IS 'One row a run and check.';
COMMENT ON COLUMN ops.quality_results.run_id IS 'Run that checked.';
COMMENT ON COLUMN ops.quality_results.partition_key IS 'Day that was checked.';
COMMENT ON COLUMN ops.quality_results.asset_key IS 'Asset that was checked.';
COMMENT ON COLUMN ops.quality_results.check_name IS 'Name of the check, as in expectations/ and the UI.';
COMMENT ON COLUMN ops.quality_results.expectation IS 'Great Expectations type.';
COMMENT ON COLUMN ops.quality_results.column_name IS 'Column, where the rule is on one.';
COMMENT ON COLUMN ops.quality_results.severity IS 'critical (stops the publish), warning or info.';
COMMENT ON COLUMN ops.quality_results.success IS 'True where it held. False also where the rule itself broke: see error.';
COMMENT ON COLUMN ops.quality_results.observed IS 'What was observed, as JSON.';
COMMENT ON COLUMN ops.quality_results.element_count IS 'Rows looked at, where the rule counts rows.';
COMMENT ON COLUMN ops.quality_results.unexpected_count IS 'Rows that break the rule, those already in quarantine included.';
COMMENT ON COLUMN ops.quality_results.failing_keys IS 'Keys of failing rows, up to 1,000; never texts.';
COMMENT ON COLUMN ops.quality_results.error IS 'Message where the rule could not be evaluated.';
COMMENT ON COLUMN ops.quality_results.checked_at IS 'When.';

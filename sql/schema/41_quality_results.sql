CREATE TABLE IF NOT EXISTS ops.quality_results (
    run_id VARCHAR NOT NULL,
    partition_key DATE,
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
    checked_at TIMESTAMPTZ NOT NULL,
    table_name VARCHAR,
    key_name VARCHAR,
    failing_query VARCHAR,
    samples VARCHAR,
    override_id VARCHAR
);

-- Before 0.5 a check of a whole table was written under the day whose run made it.
ALTER TABLE ops.quality_results ALTER COLUMN partition_key DROP NOT NULL;

COMMENT ON TABLE ops.quality_results IS 'One row a run and check. A check whose rows did not change since its last result has no new row: ops.audits.';
COMMENT ON COLUMN ops.quality_results.run_id IS 'Run that checked.';
COMMENT ON COLUMN ops.quality_results.partition_key IS 'Day that was checked; NULL where the check is on a whole table.';
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
COMMENT ON COLUMN ops.quality_results.checked_at IS 'When the rule was run (UTC).';
COMMENT ON COLUMN ops.quality_results.table_name IS 'Table that was checked.';
COMMENT ON COLUMN ops.quality_results.key_name IS 'Column that failing_keys are values of.';
COMMENT ON COLUMN ops.quality_results.failing_query IS 'Query that shows the failing rows, ready to paste; NULL where nothing failed or the rule is on the table''s shape.';
COMMENT ON COLUMN ops.quality_results.samples IS 'Up to 20 failing rows as that query gives them, as JSON; long texts are cut.';
COMMENT ON COLUMN ops.quality_results.override_id IS 'Override that lets this failure be published; references ops.overrides.';

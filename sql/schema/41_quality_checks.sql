CREATE TABLE IF NOT EXISTS ops.quality_checks (
    asset_key VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    suite VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    key_name VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    stops VARCHAR NOT NULL,
    on_failure VARCHAR NOT NULL,
    is_daily BOOLEAN NOT NULL,
    names_rows BOOLEAN NOT NULL,
    owner VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    thresholds VARCHAR NOT NULL,
    query VARCHAR
);

COMMENT ON TABLE ops.quality_checks IS 'One row a check as declared in expectations/, of the code that published last.';
COMMENT ON COLUMN ops.quality_checks.asset_key IS 'Asset that it checks; with check_name its key.';
COMMENT ON COLUMN ops.quality_checks.check_name IS 'Its name in the UI, in ops.quality_results and as a reason in ops.quarantine.';
COMMENT ON COLUMN ops.quality_checks.suite IS 'File in expectations/ that declares it, without .json.';
COMMENT ON COLUMN ops.quality_checks.table_name IS 'Table that it checks.';
COMMENT ON COLUMN ops.quality_checks.key_name IS 'Column that its failing keys are values of.';
COMMENT ON COLUMN ops.quality_checks.expectation IS 'Great Expectations type.';
COMMENT ON COLUMN ops.quality_checks.severity IS 'critical (no publish while it fails), warning or info.';
COMMENT ON COLUMN ops.quality_checks.stops IS 'What its failure stops: downstream (and with it the publish), publish, or nothing.';
COMMENT ON COLUMN ops.quality_checks.on_failure IS 'quarantine (its rows are held back), report.';
COMMENT ON COLUMN ops.quality_checks.is_daily IS 'True where each day is checked by itself, false where the whole table is.';
COMMENT ON COLUMN ops.quality_checks.names_rows IS 'True where each failing key is a row of the table, which ops.quarantine then has.';
COMMENT ON COLUMN ops.quality_checks.owner IS 'Who looks after it.';
COMMENT ON COLUMN ops.quality_checks.description IS 'What must hold, in a sentence.';
COMMENT ON COLUMN ops.quality_checks.thresholds IS 'Its thresholds as JSON: value and reason of each.';
COMMENT ON COLUMN ops.quality_checks.query IS 'A row rule''s SQL; {batch} stands for the rows under audit.';

CREATE TABLE IF NOT EXISTS ops.audits (
    asset_key VARCHAR NOT NULL,
    suite VARCHAR NOT NULL,
    partition_key DATE,
    state VARCHAR NOT NULL,
    audited_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ NOT NULL,
    seconds DOUBLE,
    run_id VARCHAR NOT NULL
);

COMMENT ON TABLE ops.audits IS 'One row a suite and day (or whole table): what was audited last. The same state is not audited again.';
COMMENT ON COLUMN ops.audits.asset_key IS 'Asset whose rows were audited.';
COMMENT ON COLUMN ops.audits.suite IS 'File in expectations/, without .json.';
COMMENT ON COLUMN ops.audits.partition_key IS 'Day; NULL where the suite is on a whole table.';
COMMENT ON COLUMN ops.audits.state IS 'Hash of the rows, of what their rules read besides, and of the rules.';
COMMENT ON COLUMN ops.audits.audited_at IS 'When the rules were run on it.';
COMMENT ON COLUMN ops.audits.confirmed_at IS 'When it was last found to be in that state.';
COMMENT ON COLUMN ops.audits.seconds IS 'How long the rules took.';
COMMENT ON COLUMN ops.audits.run_id IS 'Run in which the rules were run.';

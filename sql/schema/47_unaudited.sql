CREATE TABLE IF NOT EXISTS ops.unaudited (
    asset_key VARCHAR NOT NULL,
    partition_key DATE NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE ops.unaudited IS 'One row an asset, day and run that changed rows of it, whatever day the run was for; emptied as the day is audited.';
COMMENT ON COLUMN ops.unaudited.asset_key IS 'Asset whose rows changed.';
COMMENT ON COLUMN ops.unaudited.partition_key IS 'Day of those rows.';
COMMENT ON COLUMN ops.unaudited.changed_at IS 'When they changed (UTC).';
COMMENT ON COLUMN ops.unaudited.run_id IS 'Dagster run that changed them.';

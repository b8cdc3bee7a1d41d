CREATE TABLE IF NOT EXISTS ops.overrides (
    override_id VARCHAR NOT NULL,
    asset_key VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    partition_key DATE,
    unexpected_count BIGINT,
    failing_keys VARCHAR[],
    error VARCHAR,
    note VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    observed VARCHAR
);

COMMENT ON TABLE ops.overrides IS 'One row a decision to publish though a blocking check fails.';
COMMENT ON COLUMN ops.overrides.override_id IS 'Hash of check, day and time.';
COMMENT ON COLUMN ops.overrides.asset_key IS 'Asset that the check looks at.';
COMMENT ON COLUMN ops.overrides.check_name IS 'Name of the check that fails.';
COMMENT ON COLUMN ops.overrides.partition_key IS 'Day; NULL where the check is on a whole table.';
COMMENT ON COLUMN ops.overrides.unexpected_count IS 'Failing rows that were accepted: more of them, or other ones, stop the publish again.';
COMMENT ON COLUMN ops.overrides.failing_keys IS 'Keys of the failing rows that were accepted, up to 1,000.';
COMMENT ON COLUMN ops.overrides.error IS 'Message of a broken rule that was accepted.';
COMMENT ON COLUMN ops.overrides.note IS 'Why it was decided, in the words of who did.';
COMMENT ON COLUMN ops.overrides.decided_by IS 'Who decided.';
COMMENT ON COLUMN ops.overrides.decided_at IS 'When it was decided (UTC).';
COMMENT ON COLUMN ops.overrides.ended_at IS 'When the check passed again, or the override was taken back or replaced; NULL while it is in force.';
COMMENT ON COLUMN ops.overrides.observed IS 'What was observed, as JSON: where the check counts no rows, anything else stops the publish again.';

CREATE TABLE IF NOT EXISTS ops.quarantine (
    asset_key VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR,
    payload_sha256 VARCHAR,
    fetch_id VARCHAR NOT NULL,
    fetch_date DATE NOT NULL,
    run_id VARCHAR NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ,
    resolution VARCHAR
);

COMMENT ON TABLE ops.quarantine IS 'One row a held capture and reason.';
COMMENT ON COLUMN ops.quarantine.asset_key IS 'Asset whose rule it broke.';
COMMENT ON COLUMN ops.quarantine.row_key IS 'Key of the row: the fetch_id.';
COMMENT ON COLUMN ops.quarantine.reason IS 'Name of the check it broke.';
COMMENT ON COLUMN ops.quarantine.detail IS 'More on this row, where the stage knows more.';
COMMENT ON COLUMN ops.quarantine.payload_sha256 IS 'Its bytes in the archive.';
COMMENT ON COLUMN ops.quarantine.fetch_id IS 'Its capture.';
COMMENT ON COLUMN ops.quarantine.fetch_date IS 'Partition of that capture.';
COMMENT ON COLUMN ops.quarantine.run_id IS 'Run that held it.';
COMMENT ON COLUMN ops.quarantine.created_at IS 'When it was held.';
COMMENT ON COLUMN ops.quarantine.resolved_at IS 'When it left quarantine; NULL while held.';
COMMENT ON COLUMN ops.quarantine.resolution IS 'How it left: passed; superseded (held for another reason now); skipped (read as no article).';

CREATE TABLE IF NOT EXISTS ops.alerts (
    alert_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    subject_key VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    query VARCHAR,
    opened_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ,
    cleared_at TIMESTAMPTZ,
    cleared_told_at TIMESTAMPTZ
);

COMMENT ON TABLE ops.alerts IS 'One row something that people were told of, from its beginning to its end.';
COMMENT ON COLUMN ops.alerts.alert_id IS 'Hash of kind, subject and beginning.';
COMMENT ON COLUMN ops.alerts.kind IS 'blocked (a check stops the publish), stale (the snapshot is old) or quiet (a source gives nothing new).';
COMMENT ON COLUMN ops.alerts.subject_key IS 'What it is about: asset.check@day, snapshot, or a source_id.';
COMMENT ON COLUMN ops.alerts.message IS 'What people were told, in a line.';
COMMENT ON COLUMN ops.alerts.query IS 'Query that shows it.';
COMMENT ON COLUMN ops.alerts.opened_at IS 'When it was first seen.';
COMMENT ON COLUMN ops.alerts.told_at IS 'When people were told; NULL where nobody could be.';
COMMENT ON COLUMN ops.alerts.cleared_at IS 'When it was gone; NULL while it lasts.';
COMMENT ON COLUMN ops.alerts.cleared_told_at IS 'When people were told that.';

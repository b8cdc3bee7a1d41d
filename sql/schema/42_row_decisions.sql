CREATE TABLE IF NOT EXISTS ops.row_decisions (
    decision_id VARCHAR NOT NULL,
    asset_key VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    reason VARCHAR,
    decision VARCHAR NOT NULL,
    note VARCHAR,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);

COMMENT ON TABLE ops.row_decisions IS 'One row a person''s decision about a row in quarantine.';
COMMENT ON COLUMN ops.row_decisions.decision_id IS 'Hash of row, reason, decision and time.';
COMMENT ON COLUMN ops.row_decisions.asset_key IS 'Asset whose rule the row broke.';
COMMENT ON COLUMN ops.row_decisions.row_key IS 'Key of the row; of a drop and a retry the fetch_id of its capture.';
COMMENT ON COLUMN ops.row_decisions.reason IS 'Check that the decision is about; NULL: whatever check.';
COMMENT ON COLUMN ops.row_decisions.decision IS 'release (the rule is wrong about this row: it passes), drop (it is no article: a recorded skip) or retry (read it again). The next run applies it.';
COMMENT ON COLUMN ops.row_decisions.note IS 'Why it was decided, in the words of who did.';
COMMENT ON COLUMN ops.row_decisions.decided_by IS 'Who decided.';
COMMENT ON COLUMN ops.row_decisions.decided_at IS 'When it was decided (UTC).';
COMMENT ON COLUMN ops.row_decisions.withdrawn_at IS 'When it was taken back; NULL where it was not.';

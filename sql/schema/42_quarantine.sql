CREATE TABLE IF NOT EXISTS ops.quarantine (
    asset_key VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR,
    payload_sha256 VARCHAR,
    fetch_id VARCHAR,
    fetch_date DATE,
    run_id VARCHAR NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ,
    resolution VARCHAR,
    effect VARCHAR,
    table_name VARCHAR,
    article_id VARCHAR,
    source_id VARCHAR,
    resolved_run_id VARCHAR,
    rule_hash VARCHAR
);

-- Before 0.5 only held captures were here.
ALTER TABLE ops.quarantine ALTER COLUMN fetch_id DROP NOT NULL;
ALTER TABLE ops.quarantine ALTER COLUMN fetch_date DROP NOT NULL;
UPDATE ops.quarantine SET effect = 'held' WHERE effect IS NULL;
UPDATE ops.quarantine
SET table_name = CASE asset_key WHEN 'fetches' THEN 'raw.fetches' ELSE 'staging.articles' END
WHERE table_name IS NULL AND effect = 'held';

COMMENT ON TABLE ops.quarantine IS 'One row a failing row and reason, those that were mended since included. mart.quarantine has one row a failing row.';
COMMENT ON COLUMN ops.quarantine.asset_key IS 'Asset whose rule it broke.';
COMMENT ON COLUMN ops.quarantine.row_key IS 'Key of the row, by the suite''s key: the fetch_id of a held capture.';
COMMENT ON COLUMN ops.quarantine.reason IS 'Name of the check it broke.';
COMMENT ON COLUMN ops.quarantine.detail IS 'More on this row, where the stage or the rule knows more.';
COMMENT ON COLUMN ops.quarantine.payload_sha256 IS 'Its bytes in the archive; NULL where it comes from no single capture.';
COMMENT ON COLUMN ops.quarantine.fetch_id IS 'Its capture; NULL where it comes from no single one, as an entity does.';
COMMENT ON COLUMN ops.quarantine.fetch_date IS 'Day that was checked; of a check on a whole table the capture''s day, NULL where there is none.';
COMMENT ON COLUMN ops.quarantine.run_id IS 'Run that found it.';
COMMENT ON COLUMN ops.quarantine.created_at IS 'When it was found (UTC).';
COMMENT ON COLUMN ops.quarantine.resolved_at IS 'When it left quarantine; NULL while it is there.';
COMMENT ON COLUMN ops.quarantine.resolution IS 'How it left: passed; released or dropped (a person decided); superseded (a later reading took its place); skipped (read as no article); retired (the rule is gone).';
COMMENT ON COLUMN ops.quarantine.effect IS 'held (kept out of the warehouse), blocks (in the warehouse, and nothing is published until it is mended) or flagged (published).';
COMMENT ON COLUMN ops.quarantine.table_name IS 'Table of the row.';
COMMENT ON COLUMN ops.quarantine.article_id IS 'Article of the row, where it has one.';
COMMENT ON COLUMN ops.quarantine.source_id IS 'Source of the row, where it has one.';
COMMENT ON COLUMN ops.quarantine.resolved_run_id IS 'Run in which it left.';
COMMENT ON COLUMN ops.quarantine.rule_hash IS 'SHA-256 of the query that holds it: where the rule changes, the capture is read again. NULL where it is not held.';

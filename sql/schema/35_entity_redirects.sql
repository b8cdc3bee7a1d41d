CREATE TABLE IF NOT EXISTS entity_redirects (
    old_id VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE entity_redirects IS 'One row an id that an entity no longer has, or that was merged away: where it is now. See the view entity_ids.';
COMMENT ON COLUMN entity_redirects.old_id IS 'The id that is no row of entities any more.';
COMMENT ON COLUMN entity_redirects.entity_id IS 'The entity that it is now; references entities.';
COMMENT ON COLUMN entity_redirects.reason IS 'judgement (a person merged them) or articles (more articles showed that they are one).';
COMMENT ON COLUMN entity_redirects.since IS 'When the id went (UTC).';
COMMENT ON COLUMN entity_redirects.run_id IS 'Dagster run that wrote the row.';

CREATE TABLE IF NOT EXISTS ops.unassigned (
    referent_id VARCHAR NOT NULL,
    entity_type VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    entity_id VARCHAR
);

COMMENT ON TABLE ops.unassigned IS 'One row a referent that came, changed or went since entities were last assigned. Empty after a run.';
COMMENT ON COLUMN ops.unassigned.referent_id IS 'As in article_entities.';
COMMENT ON COLUMN ops.unassigned.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN ops.unassigned.name_key IS 'As in article_entities.';
COMMENT ON COLUMN ops.unassigned.reason IS 'As in article_entities.';
COMMENT ON COLUMN ops.unassigned.entity_id IS 'The entity that it was; NULL for one that came.';

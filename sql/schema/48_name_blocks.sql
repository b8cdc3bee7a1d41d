CREATE TABLE IF NOT EXISTS ops.name_blocks (
    entity_type VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    block VARCHAR NOT NULL
);

COMMENT ON TABLE ops.name_blocks IS 'One row a name of a local entity and a block: only names that share blocks are compared.';
COMMENT ON COLUMN ops.name_blocks.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN ops.name_blocks.name_key IS 'As in article_entities.';
COMMENT ON COLUMN ops.name_blocks.block IS 'What alike names have in common.';

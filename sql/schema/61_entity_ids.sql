CREATE OR REPLACE VIEW entity_ids AS
SELECT
    entity_id AS any_id,
    entity_id
FROM main.entities
UNION ALL
SELECT
    old_id AS any_id,
    entity_id
FROM main.entity_redirects;

COMMENT ON VIEW entity_ids IS
'One row an id that an entity has or ever had (any_id), with its present one: saved ids go on working through it.';
COMMENT ON COLUMN entity_ids.any_id IS 'Id that the entity has or ever had.';
COMMENT ON COLUMN entity_ids.entity_id IS 'Its present id; references entities.';

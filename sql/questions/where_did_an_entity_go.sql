-- Where is an entity whose id I saved?
-- Old ids lead to the present one; join saved ids through entity_ids. moved_because is NULL where the id still is the
-- entity's own; judgement: a person merged the two; articles: more articles showed that they are one. Moved ones first.
-- topic: entities
-- $id text = NULL: a saved id; NULL shows all.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $id::VARCHAR AS id,
        $top::BIGINT AS top
)

SELECT
    i.any_id AS saved_id,
    e.entity_id,
    e.name,
    e.entity_type,
    r.reason AS moved_because,
    r.since AS moved_at,
    e.article_count AS articles
FROM entity_ids AS i
JOIN mart.dim_entity AS e ON i.entity_id = e.entity_id
LEFT JOIN entity_redirects AS r ON i.any_id = r.old_id
CROSS JOIN given AS g
WHERE g.id IS NULL OR i.any_id = g.id
ORDER BY r.since DESC NULLS LAST, articles DESC, saved_id
LIMIT (SELECT given.top FROM given);

-- Whom and what the same articles name. Parameter: $entity_id.
WITH naming AS (
    SELECT DISTINCT article_id
    FROM article_entities
    WHERE entity_id = $entity_id
)

SELECT e.entity_id, e.name, e.entity_type, count(DISTINCT o.article_id) AS articles
FROM naming AS a
JOIN article_entities AS o ON a.article_id = o.article_id
JOIN entities AS e ON o.entity_id = e.entity_id
WHERE o.entity_id <> $entity_id
GROUP BY e.entity_id, e.name, e.entity_type
ORDER BY articles DESC, e.name, e.entity_id;

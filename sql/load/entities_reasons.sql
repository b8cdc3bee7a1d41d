-- Why articles are taken to mean an entity. Parameter: $entity_id.
SELECT a.reason, a.base_id, count(DISTINCT a.article_id) AS articles
FROM article_entities AS a
WHERE a.entity_id = $entity_id
GROUP BY a.reason, a.base_id
ORDER BY articles DESC, a.reason, a.base_id;

-- What articles print an entity as, with how often. Parameter: $entity_id.
SELECT m.role_text, m.role_is_former, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
FROM mentions AS m
WHERE m.entity_id = $entity_id AND m.role_text IS NOT NULL
GROUP BY m.role_text, m.role_is_former
ORDER BY mentions DESC, m.role_text, m.role_is_former;

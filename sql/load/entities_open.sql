-- Names that were left open and may be an entity. Parameter: $entity_id.
SELECT
    a.name,
    a.entity_type,
    a.reason,
    count(DISTINCT a.article_id) AS articles,
    sum(a.mention_count)::BIGINT AS mentions,
    min(a.article_id) AS example_article_id
FROM article_entities AS a
WHERE a.entity_id IS NULL AND list_contains(a.candidates, $entity_id)
GROUP BY a.name, a.entity_type, a.reason
ORDER BY mentions DESC, a.name, a.entity_type, a.reason;

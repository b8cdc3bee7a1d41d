-- Names that were left open between several entities, which the snapshot has. Parameter: $kind.
SELECT
    a.name,
    a.entity_type,
    list_sort(a.candidates) AS candidates,
    sum(a.mention_count)::BIGINT AS mentions,
    count(DISTINCT a.article_id) AS articles
FROM article_entities AS a
WHERE a.entity_id IS NULL AND len(a.candidates) > 1 AND ($kind IS NULL OR a.entity_type = $kind)
GROUP BY a.name, a.entity_type, list_sort(a.candidates)
ORDER BY mentions DESC, a.name, a.entity_type, candidates;

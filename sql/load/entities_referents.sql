-- The referents that an entity consists of, the earliest first. Parameter: $entity_id.
SELECT
    a.referent_id,
    a.article_id,
    a.base_id,
    min(v.valid_from) AS seen_at
FROM article_entities AS a
JOIN article_versions AS v ON a.article_id = v.article_id AND a.version = v.version
WHERE a.entity_id = $entity_id
GROUP BY a.referent_id, a.article_id, a.base_id
ORDER BY seen_at, a.referent_id;

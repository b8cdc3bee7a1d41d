-- The first appearances of entities, over all versions of an article. Parameter: $ids.
SELECT
    a.entity_id,
    a.referent_id,
    a.entity_type,
    max(a.name) AS name,
    list_sort(list_distinct(flatten(list(a.context)))) AS context,
    min(v.valid_from) AS seen_at
FROM article_entities AS a
JOIN article_versions AS v ON a.article_id = v.article_id AND a.version = v.version
WHERE list_contains($ids, a.entity_id)
GROUP BY a.entity_id, a.referent_id, a.entity_type
QUALIFY row_number() OVER (PARTITION BY a.entity_id ORDER BY min(v.valid_from), a.referent_id) <= 5
ORDER BY a.entity_id, seen_at, a.referent_id;

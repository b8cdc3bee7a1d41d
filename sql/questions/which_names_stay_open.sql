-- Which names are no entity yet, why, and what could they be? The most printed first.
SELECT
    t.name,
    t.entity_type,
    t.reason,
    array_to_string(list_sort(list_distinct(flatten(list(t.candidates)))), ', ') AS candidates,
    count(DISTINCT t.article_id) AS articles,
    sum(t.mention_count) AS mentions
FROM article_entities AS t
JOIN articles AS a ON t.article_id = a.article_id AND t.version = a.version
WHERE t.entity_id IS NULL
GROUP BY t.name, t.entity_type, t.reason
ORDER BY mentions DESC, t.name, t.entity_type, t.reason
LIMIT 20;

-- Each referent with an alike local name, over all versions of its article. Temporary table: alike_names.
SELECT
    a.referent_id,
    a.entity_type,
    max(a.name) AS name,
    list_sort(list_distinct(flatten(list(a.context)))) AS context,
    min(v.valid_from) AS seen_at
FROM article_entities AS a
JOIN alike_names AS n ON a.entity_type = n.entity_type AND a.name_key = n.name_key
JOIN article_versions AS v ON a.article_id = v.article_id AND a.version = v.version
WHERE a.reason = 'local'
GROUP BY a.referent_id, a.entity_type
ORDER BY a.referent_id;

-- What the current articles of one day name. Parameters: day, first, last (row numbers of article_entities).
SELECT
    t.article_id,
    t.referent_id,
    t.entity_id,
    coalesce(e.entity_type, t.entity_type) AS entity_type,
    t.name,
    e.name AS entity_name,
    e.country,
    e.wikidata_id
FROM article_entities AS t
JOIN article_rights AS r ON t.article_id = r.article_id
JOIN article_versions AS a ON t.article_id = a.article_id AND t.version = a.version
LEFT JOIN entities AS e ON t.entity_id = e.entity_id
WHERE
    t.rowid BETWEEN $first AND $last
    AND r.day = $day
    AND a.valid_to IS NULL
    AND r.effect <> 'row'
ORDER BY t.article_id, t.referent_id

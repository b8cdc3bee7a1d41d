-- Who is in the news? Counted per publisher, not per page, so that copies don't inflate a name.
SELECT
    e.name,
    e.entity_type,
    e.wikidata_id,
    count(DISTINCT coalesce(a.publisher_id, a.source_id)) AS publishers,
    count(DISTINCT a.article_id) AS articles,
    count(*) AS mentions
FROM mentions AS m
JOIN articles AS a ON m.article_id = a.article_id AND m.version = a.version
JOIN entities AS e ON m.entity_id = e.entity_id
GROUP BY ALL
ORDER BY publishers DESC, articles DESC, mentions DESC, e.name
LIMIT 20;

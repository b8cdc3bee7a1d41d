-- Why is a name in an article this entity? By its name alone, by context, through another name in the article, by a
-- rule of naming, or as a local name that the signals of its articles hold together.
SELECT
    e.name AS entity,
    e.origin,
    t.reason,
    count(DISTINCT t.article_id) AS articles,
    sum(t.mention_count) AS mentions,
    min(t.name) AS a_name_of_it
FROM article_entities AS t
JOIN articles AS a ON t.article_id = a.article_id AND t.version = a.version
JOIN entities AS e ON t.entity_id = e.entity_id
GROUP BY ALL
ORDER BY mentions DESC, entity, t.reason
LIMIT 20;

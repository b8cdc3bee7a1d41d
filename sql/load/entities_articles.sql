-- The latest articles that name an entity. Parameter: $entity_id.
WITH named AS (
    SELECT
        m.article_id,
        m.version,
        count(*) AS mentions,
        list(DISTINCT m.exact ORDER BY m.exact) AS names
    FROM mentions AS m
    WHERE m.entity_id = $entity_id
    GROUP BY m.article_id, m.version
)

SELECT
    a.article_id,
    a.headline,
    a.source_id,
    coalesce(a.date_published, a.valid_from) AS date_published,
    n.names,
    n.mentions
FROM articles AS a
JOIN named AS n ON a.article_id = n.article_id AND a.version = n.version
ORDER BY date_published DESC, a.article_id;

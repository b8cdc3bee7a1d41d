-- The names that an entity bears in articles, with how often, and its first ones of the catalogue. Parameter:
-- $entity_id.
WITH printed AS (
    SELECT m.exact AS name, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
    FROM mentions AS m
    WHERE m.entity_id = $entity_id
    GROUP BY m.exact
)

SELECT n.name, n.name_kind, n.lang, n.origin, coalesce(p.mentions, 0) AS mentions, coalesce(p.articles, 0) AS articles
FROM entity_names AS n
LEFT JOIN printed AS p ON n.name = p.name
WHERE n.entity_id = $entity_id
ORDER BY mentions DESC, n.name_kind = 'name' DESC, n.name_kind, n.name;

-- Why is a name in an article this entity?
-- In each article a name is judged anew; reason says by what. name: the name means it alone; context: the article
-- around it tells; article: another name in the article does; rule: a rule of naming; local: no catalogue knows it, and
-- the signals of its articles hold it together. Where several entities bear the name, each has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $entity::VARCHAR AS entity,
        $top::BIGINT AS top
),

asked AS (
    SELECT i.entity_id
    FROM entity_ids AS i
    JOIN given AS g ON i.any_id = g.entity
    UNION
    SELECT n.entity_id
    FROM entity_names AS n
    JOIN given AS g ON lower(strip_accents(n.name)) = lower(strip_accents(g.entity))
)

SELECT
    e.name AS entity,
    t.name AS printed_as,
    t.reason,
    count(DISTINCT t.article_id) AS articles,
    sum(t.mention_count)::BIGINT AS mentions,
    min_by(v.headline, (v.valid_from, v.article_id)) AS first_article,
    e.origin,
    e.entity_id
FROM article_entities AS t
JOIN asked AS k ON t.entity_id = k.entity_id
JOIN articles AS v ON t.article_id = v.article_id AND t.version = v.version
JOIN entities AS e ON t.entity_id = e.entity_id
GROUP BY e.name, t.name, t.reason, e.origin, e.entity_id
ORDER BY articles DESC, mentions DESC, entity, printed_as, t.reason, e.entity_id
LIMIT (SELECT given.top FROM given);

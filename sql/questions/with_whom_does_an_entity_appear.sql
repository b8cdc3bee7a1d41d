-- With whom does a person, place or organisation appear?
-- All days. sentences counts those that name both; share_of_articles is of the articles that name the one asked for;
-- closeness (Jaccard) is of the articles that name either. Where several entities bear the name, each has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $type text = NULL: with persons, organizations, … alone (person, organization, place, nationality, event).
-- $top integer = 20: rows shown of each entity.
WITH given AS (
    SELECT
        $entity::VARCHAR AS entity,
        $type::VARCHAR AS type,
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
    w.name,
    w.with_name,
    w.with_type,
    w.sentence_count AS sentences,
    w.article_count AS articles,
    round(w.share_of_articles, 3) AS share_of_articles,
    round(w.closeness, 3) AS closeness,
    w.last_day,
    w.entity_id,
    w.with_id
FROM mart.who_with_whom AS w
JOIN asked AS a ON w.entity_id = a.entity_id
CROSS JOIN given AS g
WHERE g.type IS NULL OR w.with_type = g.type
QUALIFY
    row_number() OVER (
        PARTITION BY w.entity_id ORDER BY w.sentence_count DESC, w.article_count DESC, w.with_name, w.with_id
    ) <= g.top
ORDER BY w.name, w.entity_id, sentences DESC, articles DESC, w.with_name, w.with_id;

-- With whom does a person, place or organisation appear?
-- All days. sentences counts those that name both; share_of_articles is of the articles that name the one asked for;
-- closeness (Jaccard) is of the articles that name either. Where several entities bear the name, each has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $type person|organization|place|nationality|event = NULL:
--     with persons, … alone (person, organization, place, nationality or event).
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
),

-- As mart.who_with_whom has it, but the pairs of the entity first: few rows are joined, whatever the planner does.
pairs AS MATERIALIZED (
    SELECT p.left_id AS entity_id, p.right_id AS with_id, p.sentence_count, p.article_count, p.last_day
    FROM rollups.pairs AS p
    WHERE p.left_id IN (SELECT a.entity_id FROM asked AS a)
    UNION ALL
    SELECT p.right_id AS entity_id, p.left_id AS with_id, p.sentence_count, p.article_count, p.last_day
    FROM rollups.pairs AS p
    WHERE p.right_id IN (SELECT a.entity_id FROM asked AS a)
)

SELECT
    e.name,
    w.name AS with_name,
    w.entity_type AS with_type,
    p.sentence_count AS sentences,
    p.article_count AS articles,
    round(p.article_count / t.article_count, 3) AS share_of_articles,
    round(p.article_count / (t.article_count + o.article_count - p.article_count), 3) AS closeness,
    p.last_day,
    p.entity_id,
    p.with_id
FROM pairs AS p
JOIN entities AS e ON p.entity_id = e.entity_id
JOIN entities AS w ON p.with_id = w.entity_id
JOIN rollups.entities AS t ON p.entity_id = t.entity_id
JOIN rollups.entities AS o ON p.with_id = o.entity_id
CROSS JOIN given AS g
WHERE g.type IS NULL OR w.entity_type = g.type
QUALIFY
    row_number() OVER (
        PARTITION BY p.entity_id ORDER BY p.sentence_count DESC, p.article_count DESC, w.name, p.with_id
    ) <= g.top
ORDER BY e.name, p.entity_id, sentences DESC, articles DESC, with_name, p.with_id;

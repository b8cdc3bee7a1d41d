-- When was a person, place or organisation in the news?
-- One row a day that names it: publishers who did, their articles, and headlines among these. Where several entities
-- bear the name, each has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $since date = (SELECT max(day) - 89 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
WITH given AS (
    SELECT
        $entity::VARCHAR AS entity,
        $since::DATE AS since,
        $until::DATE AS until
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
    e.name,
    d.day,
    count(*) AS publishers,
    sum(d.article_count)::BIGINT AS articles,
    sum(d.headline_count)::BIGINT AS headlines,
    sum(d.mention_count)::BIGINT AS mentions,
    e.entity_id
FROM rollups.entity_outlet_days AS d
JOIN asked AS a ON d.entity_id = a.entity_id
JOIN entities AS e ON d.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE d.day BETWEEN g.since AND g.until
GROUP BY e.name, e.entity_id, d.day
ORDER BY e.name, e.entity_id, d.day DESC;

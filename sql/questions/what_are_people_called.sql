-- As what do outlets print people?
-- role is the words beside the name, office and country what they stand for where that is known; publishers is how many
-- outlets print it so.
-- topic: entities
-- $since date = (SELECT max(day) - 6 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $entity text = NULL: one person alone: an id that they have or had, or a name; case and accents don't count.
-- $office text = NULL: one office alone: president, prime_minister, foreign_minister, …
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $entity::VARCHAR AS entity,
        $office::VARCHAR AS office,
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

-- Few articles first: the mentions are many.
counted AS MATERIALIZED (
    SELECT
        a.article_id,
        a.version,
        coalesce(a.publisher_id, a.source_id) AS outlet_id
    FROM articles AS a
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    CROSS JOIN given AS g
    WHERE f.fetch_date BETWEEN g.since AND g.until
)

SELECT
    e.name,
    m.role_text AS role,
    m.role_office AS office,
    m.role_country AS country,
    count(DISTINCT c.outlet_id) AS publishers,
    count(DISTINCT c.article_id) AS articles,
    count(*) AS mentions,
    e.entity_id
FROM mentions AS m
JOIN counted AS c ON m.article_id = c.article_id AND m.version = c.version
JOIN entities AS e ON m.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE
    m.role_text IS NOT NULL
    AND (g.entity IS NULL OR m.entity_id IN (SELECT k.entity_id FROM asked AS k))
    AND (g.office IS NULL OR m.role_office = g.office)
GROUP BY e.name, m.role_text, m.role_office, m.role_country, e.entity_id
ORDER BY publishers DESC, mentions DESC, e.name, role, office, m.role_country, e.entity_id
LIMIT (SELECT given.top FROM given);

-- How do outlets write the name of a person, place or organisation?
-- Each form as printed, by the language of the text, in current articles. Where several entities bear the name, each
-- has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $language text = NULL: texts in one language alone, as en.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $entity::VARCHAR AS entity,
        $since::DATE AS since,
        $until::DATE AS until,
        $language::VARCHAR AS language,
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
        a.in_language,
        coalesce(a.publisher_id, a.source_id) AS outlet_id
    FROM articles AS a
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    CROSS JOIN given AS g
    WHERE f.fetch_date BETWEEN g.since AND g.until AND (g.language IS NULL OR a.in_language = lower(g.language))
)

SELECT
    e.name,
    m.exact AS printed_as,
    c.in_language,
    count(DISTINCT c.outlet_id) AS publishers,
    count(DISTINCT c.article_id) AS articles,
    count(*) AS mentions,
    e.entity_id
FROM mentions AS m
JOIN asked AS k ON m.entity_id = k.entity_id
JOIN counted AS c ON m.article_id = c.article_id AND m.version = c.version
JOIN entities AS e ON m.entity_id = e.entity_id
GROUP BY e.name, m.exact, c.in_language, e.entity_id
ORDER BY e.name, e.entity_id, publishers DESC, mentions DESC, printed_as, c.in_language
LIMIT (SELECT given.top FROM given);

-- Whom does one outlet name, and another not?
-- Entities in articles of the one, but in none of the other, in the same days; publishers counts all outlets that name
-- it then. Ask again with the two exchanged for the other side.
-- topic: outlets
-- $outlet text = (SELECT outlet_id FROM mart.dim_outlet ORDER BY article_count DESC, outlet_id LIMIT 1):
--     its id, name or domain; case and accents don't count.
-- $other text = (SELECT outlet_id FROM mart.dim_outlet ORDER BY article_count DESC, outlet_id LIMIT 1 OFFSET 1):
--     the outlet that does not: its id, name or domain.
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $outlet::VARCHAR AS outlet,
        $other::VARCHAR AS other,
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
),

asked AS (
    SELECT s.outlet_id
    FROM mart.dim_outlet AS s
    JOIN given AS g
        ON lower(strip_accents(g.outlet)) IN (s.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
),

other_asked AS (
    SELECT s.outlet_id
    FROM mart.dim_outlet AS s
    JOIN given AS g
        ON lower(strip_accents(g.other)) IN (s.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
),

counted AS (
    SELECT
        d.entity_id,
        sum(d.article_count) FILTER (WHERE d.outlet_id IN (SELECT a.outlet_id FROM asked AS a))::BIGINT AS articles,
        count(*) FILTER (WHERE d.outlet_id IN (SELECT a.outlet_id FROM other_asked AS a)) AS others,
        count(DISTINCT d.outlet_id) AS publishers
    FROM rollups.entity_outlet_days AS d
    CROSS JOIN given AS g
    WHERE d.day BETWEEN g.since AND g.until
    GROUP BY d.entity_id
)

SELECT
    e.name,
    e.entity_type,
    c.articles,
    c.publishers,
    e.entity_id
FROM counted AS c
JOIN entities AS e ON c.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE
    c.articles > 0 AND c.others = 0
    AND EXISTS (FROM other_asked)
    AND (g.type IS NULL OR e.entity_type = g.type)
ORDER BY c.articles DESC, c.publishers DESC, e.name, e.entity_id
LIMIT (SELECT given.top FROM given);

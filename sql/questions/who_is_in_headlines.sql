-- Whom do headlines name?
-- headlines counts articles whose headline names it, publishers the outlets that wrote them; share is of all articles
-- that name it anywhere.
-- topic: news
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
)

SELECT
    e.name,
    e.entity_type,
    count(DISTINCT d.outlet_id) FILTER (WHERE d.headline_count > 0) AS publishers,
    sum(d.headline_count)::BIGINT AS headlines,
    sum(d.article_count)::BIGINT AS articles,
    round(sum(d.headline_count) / sum(d.article_count), 3) AS share,
    e.entity_id
FROM rollups.entity_outlet_days AS d
JOIN entities AS e ON d.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE d.day BETWEEN g.since AND g.until AND (g.type IS NULL OR e.entity_type = g.type)
GROUP BY e.name, e.entity_type, e.entity_id
HAVING sum(d.headline_count) > 0
ORDER BY publishers DESC, headlines DESC, articles DESC, e.name, e.entity_id
LIMIT (SELECT given.top FROM given);

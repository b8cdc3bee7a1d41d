-- Who is in the news?
-- Counted per publisher, not per page: publishers is how many outlets wrote of it, so that copies and one outlet's many
-- pages do not make a name bigger. An outlet is who wrote an article, or who carries it where that is not known; a day
-- is that of an article's first capture.
-- topic: news
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $country text = NULL: ISO 3166-1 code of the country that it belongs to, as FR.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $country::VARCHAR AS country,
        $top::BIGINT AS top
)

SELECT
    e.name,
    e.entity_type,
    e.country,
    count(DISTINCT d.outlet_id) AS publishers,
    sum(d.article_count)::BIGINT AS articles,
    sum(d.headline_count)::BIGINT AS headlines,
    sum(d.mention_count)::BIGINT AS mentions,
    e.entity_id
FROM rollups.entity_outlet_days AS d
JOIN entities AS e ON d.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE
    d.day BETWEEN g.since AND g.until
    AND (g.type IS NULL OR e.entity_type = g.type)
    AND (g.country IS NULL OR e.country = upper(g.country))
GROUP BY e.name, e.entity_type, e.country, e.entity_id
ORDER BY publishers DESC, articles DESC, mentions DESC, e.name, e.entity_id
LIMIT (SELECT given.top FROM given);

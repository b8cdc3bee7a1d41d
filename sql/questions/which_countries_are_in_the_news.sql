-- Which countries is the news about?
-- Coverage is counted in mentions of entities of all types that belong to a country; share is of all such mentions.
-- Names without a known country are left out. publishers is how many outlets name one of them.
-- topic: news
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $top integer = 30: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
)

SELECT
    e.country,
    sum(d.mention_count)::BIGINT AS mentions,
    round(sum(d.mention_count) / sum(sum(d.mention_count)) OVER (), 4) AS share,
    count(DISTINCT d.outlet_id) AS publishers,
    count(DISTINCT d.entity_id) AS entities,
    max_by(e.name, (d.mention_count, e.name)) AS an_entity_of_it
FROM rollups.entity_outlet_days AS d
JOIN entities AS e ON d.entity_id = e.entity_id
CROSS JOIN given AS g
WHERE d.day BETWEEN g.since AND g.until AND e.country IS NOT NULL AND (g.type IS NULL OR e.entity_type = g.type)
GROUP BY e.country
ORDER BY mentions DESC, e.country
LIMIT (SELECT given.top FROM given);

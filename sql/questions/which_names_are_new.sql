-- Which names are new this week?
-- Entities that no article named before the last seven days (days counts back from the last day with articles). In a
-- warehouse younger than that every name is new. first_outlet is who was first captured with it.
-- topic: news
-- $days integer = 7: how many days count as new.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $least_publishers integer = 1: outlets that must name it.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $days::BIGINT AS days,
        $type::VARCHAR AS type,
        $least_publishers::BIGINT AS least_publishers,
        $top::BIGINT AS top
),

shown AS (
    SELECT
        e.name,
        e.entity_type,
        t.first_day,
        t.publisher_count,
        t.article_count,
        e.entity_id
    FROM rollups.entities AS t
    JOIN entities AS e ON t.entity_id = e.entity_id
    CROSS JOIN given AS g
    WHERE
        t.first_day > (SELECT max(d.day) FROM rollups.days AS d) - g.days::INTEGER
        AND t.publisher_count >= g.least_publishers
        AND (g.type IS NULL OR e.entity_type = g.type)
    ORDER BY t.publisher_count DESC, t.article_count DESC, e.name, e.entity_id
    LIMIT (SELECT given.top FROM given)
)

SELECT
    n.name,
    n.entity_type,
    n.publisher_count AS publishers,
    n.article_count AS articles,
    n.first_day,
    min_by(coalesce(s.name, d.outlet_id), (d.first_captured, d.outlet_id)) AS first_outlet,
    n.entity_id
FROM shown AS n
JOIN rollups.entity_outlet_days AS d ON n.entity_id = d.entity_id AND n.first_day = d.day
LEFT JOIN sources AS s ON d.outlet_id = s.source_id
GROUP BY ALL
ORDER BY publishers DESC, articles DESC, n.name, n.entity_id;

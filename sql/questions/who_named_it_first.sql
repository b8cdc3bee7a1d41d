-- Which outlet was the first to name a person, place or organisation?
-- By the time of capture of the first article that names it, all days: when the page was captured, not when it was
-- published. hours_later counts from the first outlet. Where several entities bear the name, each has its rows.
-- topic: entities
-- $entity text = (SELECT entity_id FROM rollups.entities ORDER BY article_count DESC, entity_id LIMIT 1):
--     an id that it has or had, or a name; case and accents don't count.
-- $top integer = 20: rows shown of each entity.
WITH given AS (
    SELECT
        $entity::VARCHAR AS entity,
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

named AS (
    SELECT
        d.entity_id,
        d.outlet_id,
        min(d.first_captured) AS first_captured,
        sum(d.article_count)::BIGINT AS articles,
        sum(d.headline_count)::BIGINT AS headlines,
        max(d.day) AS last_day
    FROM rollups.entity_outlet_days AS d
    JOIN asked AS a ON d.entity_id = a.entity_id
    GROUP BY d.entity_id, d.outlet_id
)

SELECT
    e.name,
    coalesce(s.name, n.outlet_id) AS outlet,
    n.first_captured,
    round(epoch(n.first_captured - min(n.first_captured) OVER (PARTITION BY n.entity_id)) / 3600, 1) AS hours_later,
    n.articles,
    n.headlines,
    n.last_day,
    n.entity_id,
    n.outlet_id
FROM named AS n
JOIN entities AS e ON n.entity_id = e.entity_id
LEFT JOIN sources AS s ON n.outlet_id = s.source_id
CROSS JOIN given AS g
QUALIFY row_number() OVER (PARTITION BY n.entity_id ORDER BY n.first_captured, n.outlet_id) <= g.top
ORDER BY e.name, n.entity_id, n.first_captured, n.outlet_id;

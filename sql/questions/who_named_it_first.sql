-- Which outlet was the first to name a person, place or organisation?
-- By the time of capture of the first version that names it, of articles that still do, all days: when the page was
-- captured, not when it was published. An edit that adds the name counts when the edit was captured. hours_later counts
-- from the first outlet; headline and url are of that first version. Where several entities bear the name, each has its
-- rows.
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

-- The counts of days know articles as they are now; when each first had the name stands in its versions.
by_article AS (
    SELECT
        t.entity_id,
        t.article_id,
        min(struct_pack(at := v.valid_from, article_id := v.article_id, version := v.version)) AS first_version,
        any_value(coalesce(v.publisher_id, v.source_id)) FILTER (WHERE v.valid_to IS NULL) AS outlet_id,
        bool_or(t.in_headline) FILTER (WHERE v.valid_to IS NULL) AS in_headline
    FROM article_entities AS t
    JOIN asked AS a ON t.entity_id = a.entity_id
    JOIN article_versions AS v ON t.article_id = v.article_id AND t.version = v.version
    GROUP BY t.entity_id, t.article_id
    HAVING count(*) FILTER (WHERE v.valid_to IS NULL) > 0
),

named AS (
    SELECT
        b.entity_id,
        b.outlet_id,
        min(b.first_version) AS first_version,
        count(*) AS articles,
        count(*) FILTER (WHERE b.in_headline) AS headlines
    FROM by_article AS b
    GROUP BY b.entity_id, b.outlet_id
)

SELECT
    e.name,
    coalesce(s.name, n.outlet_id) AS outlet,
    n.first_version.at AS first_captured,
    round(
        epoch(n.first_version.at - min(n.first_version.at) OVER (PARTITION BY n.entity_id)) / 3600, 1
    ) AS hours_later,
    n.articles,
    n.headlines,
    v.headline,
    v.url,
    n.entity_id,
    n.outlet_id
FROM named AS n
JOIN entities AS e ON n.entity_id = e.entity_id
JOIN article_versions AS v
    ON n.first_version.article_id = v.article_id AND n.first_version.version = v.version
LEFT JOIN sources AS s ON n.outlet_id = s.source_id
CROSS JOIN given AS g
QUALIFY row_number() OVER (PARTITION BY n.entity_id ORDER BY n.first_version.at, n.outlet_id) <= g.top
ORDER BY e.name, n.entity_id, n.first_version.at, n.outlet_id;

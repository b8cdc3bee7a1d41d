-- What do others report that one outlet leaves out?
-- Entities that the outlet did not name in the last seven days (up to the last day with articles), while at least three
-- other outlets did. share_of_others is of all outlets that wrote in that time.
-- topic: outlets
-- $outlet text = (SELECT outlet_id FROM mart.dim_outlet ORDER BY article_count DESC, outlet_id LIMIT 1):
--     its id, name or domain; case and accents don't count.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $outlet::VARCHAR AS outlet,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
),

asked AS (
    SELECT s.outlet_id
    FROM mart.dim_outlet AS s
    JOIN given AS g
        ON lower(strip_accents(g.outlet)) IN (s.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
)

SELECT
    coalesce(b.outlet, b.outlet_id) AS outlet,
    b.name,
    b.entity_type,
    b.outlets_reporting,
    round(b.share_of_others, 3) AS share_of_others,
    b.articles_elsewhere::BIGINT AS articles_elsewhere,
    b.first_captured,
    b.entity_id,
    b.outlet_id
FROM mart.blind_spots AS b
JOIN asked AS a ON b.outlet_id = a.outlet_id
CROSS JOIN given AS g
WHERE g.type IS NULL OR b.entity_type = g.type
ORDER BY b.outlets_reporting DESC, articles_elsewhere DESC, b.name, b.entity_id, b.outlet_id
LIMIT (SELECT given.top FROM given);

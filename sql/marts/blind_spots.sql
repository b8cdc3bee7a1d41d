CREATE OR REPLACE VIEW mart.blind_spots AS
WITH last AS (
    SELECT max(day) AS last_day FROM rollups.days
),

recent AS (
    SELECT d.*
    FROM rollups.entity_outlet_days AS d
    WHERE d.day > (SELECT l.last_day FROM last AS l) - 7
),

-- What is widely reported: at least three outlets.
wide AS (
    SELECT
        entity_id,
        count(DISTINCT outlet_id) AS outlets_reporting,
        sum(article_count)::BIGINT AS articles_elsewhere,
        min(first_captured) AS first_captured
    FROM recent
    GROUP BY entity_id
    HAVING count(DISTINCT outlet_id) >= 3
),

outlets AS (
    SELECT DISTINCT outlet_id FROM recent
),

-- Apart from the anti-join: a view with both in one FROM does not survive being written as SQL and read again.
possible AS (
    SELECT o.outlet_id, w.*
    FROM outlets AS o
    CROSS JOIN wide AS w
),

written AS (
    SELECT
        coalesce(a.publisher_id, a.source_id) AS outlet_id,
        count(*) AS articles
    FROM main.articles AS a
    JOIN main.article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    WHERE f.fetch_date > (SELECT l.last_day FROM last AS l) - 7 AND f.fetch_date <= (SELECT l.last_day FROM last AS l)
    GROUP BY coalesce(a.publisher_id, a.source_id)
)

SELECT
    p.outlet_id,
    s.name AS outlet,
    p.entity_id,
    e.name,
    e.entity_type,
    e.country,
    p.outlets_reporting,
    p.outlets_reporting / ((SELECT count(*) FROM outlets) - 1) AS share_of_others,
    p.articles_elsewhere,
    p.first_captured,
    a.articles AS outlet_articles
FROM possible AS p
ANTI JOIN recent AS r ON p.outlet_id = r.outlet_id AND p.entity_id = r.entity_id
JOIN main.entities AS e ON p.entity_id = e.entity_id
LEFT JOIN main.sources AS s ON p.outlet_id = s.source_id
LEFT JOIN written AS a ON p.outlet_id = a.outlet_id;

COMMENT ON VIEW mart.blind_spots IS
'One row an outlet and an entity that it did not name in the last seven days, while at least three others did. The days end with the last one on which an article was first captured; outlets that named nothing in them are left out.';
COMMENT ON COLUMN mart.blind_spots.outlet_id IS 'Outlet that left it out (who wrote its articles, else who carries them); references sources.';
COMMENT ON COLUMN mart.blind_spots.outlet IS 'Name of the outlet; NULL where sources does not have it.';
COMMENT ON COLUMN mart.blind_spots.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN mart.blind_spots.name IS 'Its name to show. Two entities may have one name.';
COMMENT ON COLUMN mart.blind_spots.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.blind_spots.country IS 'ISO 3166-1 alpha-2 country that the entity belongs to; NULL where unknown.';
COMMENT ON COLUMN mart.blind_spots.outlets_reporting IS 'Outlets that named it in the seven days, 3 or more.';
COMMENT ON COLUMN mart.blind_spots.share_of_others IS 'outlets_reporting as a share of all other outlets with articles in the seven days, 0 to 1.';
COMMENT ON COLUMN mart.blind_spots.articles_elsewhere IS 'Articles of the outlets that named it in the seven days.';
COMMENT ON COLUMN mart.blind_spots.first_captured IS 'When the first of these was first captured.';
COMMENT ON COLUMN mart.blind_spots.outlet_articles IS 'Articles of the outlet that left it out, in the seven days: of one that gave few, a gap says little.';

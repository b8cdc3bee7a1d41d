-- Who is named more than usual?
-- The last seven days (up to the last day with articles) against the four weeks before: usual_articles is the mean of a
-- week then. rise is twice the difference of the square roots, so that a big name's bustle does not hide a small name's
-- leap: above 2 is more than chance. Both are NULL while there is no week before to compare with.
-- topic: news
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $least_publishers integer = 2: outlets that must have named it in the last seven days.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $type::VARCHAR AS type,
        $least_publishers::BIGINT AS least_publishers,
        $top::BIGINT AS top
)

SELECT
    t.name,
    t.entity_type,
    t.articles_7d::BIGINT AS articles_7d,
    t.publishers_7d,
    round(t.usual_articles, 1) AS usual_articles,
    round(t.ratio, 1) AS times_usual,
    round(t.rise, 2) AS rise,
    t.is_new,
    t.entity_id
FROM mart.entity_trend AS t
CROSS JOIN given AS g
WHERE t.publishers_7d >= g.least_publishers AND (g.type IS NULL OR t.entity_type = g.type)
ORDER BY t.rise DESC NULLS LAST, t.articles_7d DESC, t.publishers_7d DESC, t.name, t.entity_id
LIMIT (SELECT given.top FROM given);

-- Who is in the news more than usual? The seven days up to the last one, against the entity's own four weeks before.
-- rise is on the scale of mart.entity_trend: the difference of square roots, since counts vary as theirs do.
WITH span AS (
    SELECT least(28, greatest(0, $last - 6 - min(day))) / 7 AS weeks_before
    FROM rollups.days
),

counted AS (
    SELECT
        entity_id,
        coalesce(sum(article_count) FILTER (WHERE day > $last - 7), 0)::BIGINT AS articles_7d,
        count(DISTINCT outlet_id) FILTER (WHERE day > $last - 7) AS publishers_7d,
        coalesce(sum(article_count) FILTER (WHERE day <= $last - 7), 0)::BIGINT AS articles_before
    FROM rollups.entity_outlet_days
    WHERE day > $last - 35 AND day <= $last
    GROUP BY entity_id
),

risen AS (
    SELECT
        c.entity_id,
        c.articles_7d,
        c.publishers_7d,
        c.articles_before / s.weeks_before AS usual_articles,
        2 * (sqrt(c.articles_7d + 0.375) - sqrt(c.articles_before / s.weeks_before + 0.375)) AS rise
    FROM counted AS c
    CROSS JOIN span AS s
    WHERE s.weeks_before > 0 AND c.articles_7d >= 3 AND c.publishers_7d >= 2
    ORDER BY rise DESC, c.entity_id
    LIMIT 15
),

days AS (
    SELECT unnest(generate_series($last - 34, $last, INTERVAL 1 DAY))::DATE AS day
),

by_day AS (
    SELECT
        r.entity_id,
        k.day,
        coalesce(sum(d.article_count), 0)::BIGINT AS article_count
    FROM risen AS r
    CROSS JOIN days AS k
    LEFT JOIN rollups.entity_outlet_days AS d ON r.entity_id = d.entity_id AND k.day = d.day
    GROUP BY r.entity_id, k.day
)

SELECT
    e.name,
    e.entity_type,
    r.articles_7d,
    r.usual_articles,
    any_value(r.publishers_7d) AS publishers_7d,
    r.rise,
    list(b.article_count ORDER BY b.day) AS by_day,
    e.entity_id
FROM risen AS r
JOIN entities AS e ON r.entity_id = e.entity_id
JOIN by_day AS b ON r.entity_id = b.entity_id
WHERE r.rise > 0
GROUP BY e.entity_id, e.name, e.entity_type, r.articles_7d, r.usual_articles, r.rise
ORDER BY r.rise DESC, e.entity_id;

-- Which outlets published most, and when?
WITH counted AS (
    SELECT
        outlet_id,
        coalesce(outlet, outlet_id) AS outlet,
        date_trunc($unit, day)::DATE AS day,
        article_count
    FROM mart.outlet_daily
    WHERE day BETWEEN $first AND $last
),

busiest AS (
    SELECT
        outlet_id,
        any_value(outlet) AS outlet,
        sum(article_count)::BIGINT AS article_count,
        sum(article_count) / sum(sum(article_count)) OVER () AS share
    FROM counted
    GROUP BY outlet_id
    ORDER BY article_count DESC, outlet_id
    LIMIT 15
),

calendar AS (
    SELECT DISTINCT date_trunc($unit, d.day)::DATE AS day
    FROM (SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY)) AS day) AS d
),

by_day AS (
    SELECT
        b.outlet_id,
        k.day,
        coalesce(sum(c.article_count), 0)::BIGINT AS article_count
    FROM busiest AS b
    CROSS JOIN calendar AS k
    LEFT JOIN counted AS c ON b.outlet_id = c.outlet_id AND k.day = c.day
    GROUP BY b.outlet_id, k.day
)

SELECT
    b.outlet_id,
    b.outlet,
    b.article_count,
    b.share,
    list(d.article_count ORDER BY d.day) AS by_day
FROM busiest AS b
JOIN by_day AS d ON b.outlet_id = d.outlet_id
GROUP BY b.outlet_id, b.outlet, b.article_count, b.share
ORDER BY b.article_count DESC, b.outlet_id;

-- How much did the six busiest outlets publish, and all others (place 7, without a name)?
WITH counted AS (
    SELECT
        outlet_id,
        any_value(coalesce(outlet, outlet_id)) AS outlet,
        date_trunc($unit, day)::DATE AS day,
        sum(article_count)::BIGINT AS article_count
    FROM mart.outlet_daily
    WHERE day BETWEEN $first AND $last
    GROUP BY outlet_id, date_trunc($unit, day)
),

ranked AS (
    SELECT
        outlet_id,
        least(row_number() OVER (ORDER BY sum(article_count) DESC, outlet_id), 7) AS place
    FROM counted
    GROUP BY outlet_id
)

SELECT
    c.day,
    r.place,
    CASE WHEN r.place < 7 THEN c.outlet END AS outlet,
    sum(c.article_count)::BIGINT AS article_count
FROM counted AS c
JOIN ranked AS r ON c.outlet_id = r.outlet_id
GROUP BY ALL
ORDER BY c.day, r.place;

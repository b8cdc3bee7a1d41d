-- How much does each outlet write, and is that as usual?
-- One row an outlet and day, silent days included. usual is the median of its own 28 days before; low and high are the
-- 5th and 95th percentile of these. All three are NULL, and the day is not judged, while there are fewer than 14.
-- topic: outlets
-- $since date = (SELECT max(day) - 6 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet
),

outlets AS (
    SELECT
        o.outlet_id,
        coalesce(any_value(o.outlet), o.outlet_id) AS outlet,
        min(o.day) AS first_day
    FROM mart.outlet_daily AS o
    GROUP BY o.outlet_id
),

days AS (
    -- Nothing is known of days after the last: they are no silent ones.
    SELECT
        unnest(
            generate_series(
                g.since - 28, least(g.until, (SELECT max(l.day) FROM rollups.days AS l)), INTERVAL 1 DAY
            )
        )::DATE AS day
    FROM given AS g
),

counted AS (
    SELECT
        o.outlet_id,
        o.outlet,
        d.day,
        coalesce(w.article_count, 0) AS articles,
        coalesce(w.word_count, 0)::BIGINT AS words
    FROM outlets AS o
    JOIN days AS d ON o.first_day <= d.day
    LEFT JOIN mart.outlet_daily AS w ON o.outlet_id = w.outlet_id AND d.day = w.day
    LEFT JOIN sources AS s ON o.outlet_id = s.source_id
    CROSS JOIN given AS g
    WHERE
        g.outlet IS NULL
        OR lower(strip_accents(g.outlet)) IN (o.outlet_id, lower(s.domain), lower(strip_accents(o.outlet)))
),

compared AS (
    SELECT
        *,
        count(*) OVER before AS days_before,
        quantile_cont(articles, 0.5) OVER before AS usual,
        quantile_cont(articles, 0.05) OVER before AS low,
        quantile_cont(articles, 0.95) OVER before AS high
    FROM counted
    WINDOW before AS (PARTITION BY outlet_id ORDER BY day ROWS BETWEEN 28 PRECEDING AND 1 PRECEDING)
)

SELECT
    c.day,
    c.outlet,
    c.articles,
    CASE WHEN c.days_before >= 14 THEN c.usual END AS usual,
    CASE WHEN c.days_before >= 14 THEN round(c.low, 1) END AS low,
    CASE WHEN c.days_before >= 14 THEN round(c.high, 1) END AS high,
    CASE
        WHEN c.days_before < 14 THEN 'not judged'
        WHEN c.articles < c.low THEN 'low'
        WHEN c.articles > c.high THEN 'high'
        ELSE 'as usual'
    END AS status,
    c.words,
    c.outlet_id
FROM compared AS c
CROSS JOIN given AS g
WHERE c.day BETWEEN g.since AND g.until
ORDER BY c.day DESC, c.articles DESC, c.outlet_id;

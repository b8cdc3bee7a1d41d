-- At which hours of the week does an outlet publish?
-- By the time that its pages state, in UTC, where it is stated to the minute. share is of all such articles.
-- topic: outlets
-- $outlet text = (SELECT outlet_id FROM mart.dim_outlet ORDER BY article_count DESC, outlet_id LIMIT 1):
--     its id, name or domain; case and accents don't count.
-- $since date = (SELECT max(day) - 89 FROM rollups.days): first day of publication counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
WITH given AS (
    SELECT
        $outlet::VARCHAR AS outlet,
        $since::DATE AS since,
        $until::DATE AS until
),

asked AS (
    SELECT s.outlet_id
    FROM mart.dim_outlet AS s
    JOIN given AS g
        ON lower(strip_accents(g.outlet)) IN (s.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
)

SELECT
    isodow(v.date_published AT TIME ZONE 'UTC') AS weekday_no,
    dayname(v.date_published AT TIME ZONE 'UTC') AS weekday,
    hour(v.date_published AT TIME ZONE 'UTC') AS hour_utc,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER (), 4) AS share
FROM articles AS v
JOIN asked AS a ON coalesce(v.publisher_id, v.source_id) = a.outlet_id
CROSS JOIN given AS g
WHERE
    v.date_published_precision IN ('minute', 'second')
    AND (v.date_published AT TIME ZONE 'UTC')::DATE BETWEEN g.since AND g.until
GROUP BY ALL
ORDER BY weekday_no, hour_utc;

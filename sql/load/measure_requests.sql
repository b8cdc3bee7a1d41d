-- What the web answered each source on some days -> measured. Variables: days, first_day, last_day.
CREATE OR REPLACE TEMP TABLE measured AS
SELECT
    source_id,
    fetch_date AS day,
    'failed_requests' AS measure,
    NULL::VARCHAR AS in_language,
    count(*) FILTER (WHERE outcome <> 'captured') / count(*) AS value,
    count(*) AS base,
    NULL::INTEGER[] AS by_hour
FROM raw.fetches
WHERE
    fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND list_contains(getvariable('days'), fetch_date)
    AND kind IN ('feed', 'sitemap', 'page')
GROUP BY source_id, fetch_date;

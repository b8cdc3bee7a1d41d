-- How sure are the dates?
-- Where each current article's date was read, and how much of it is stated: to the minute, or the day alone.
-- before_capture counts dates that lie before the first capture, as they must; too_late those that do not.
-- topic: articles
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet
)

SELECT
    coalesce(a.date_published_source, 'not stated') AS read_from,
    coalesce(a.date_published_precision, 'unknown') AS precise_to_the,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER (), 4) AS share,
    count(*) FILTER (WHERE a.date_published <= f.valid_from) AS before_capture,
    count(*) FILTER (WHERE a.date_published > f.valid_from) AS too_late
FROM articles AS a
JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
LEFT JOIN sources AS s ON coalesce(a.publisher_id, a.source_id) = s.source_id
CROSS JOIN given AS g
WHERE
    f.fetch_date BETWEEN g.since AND g.until
    AND (
        g.outlet IS NULL
        OR lower(strip_accents(g.outlet)) IN (
            coalesce(a.publisher_id, a.source_id), lower(s.domain), lower(strip_accents(s.name))
        )
    )
GROUP BY a.date_published_source, a.date_published_precision
ORDER BY articles DESC, read_from, precise_to_the;

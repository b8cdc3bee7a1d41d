-- Which sources give articles without a date?
-- A date that no page states stays NULL: it is never taken from the time of capture. share is of the source's articles.
-- topic: articles
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $source text = NULL: one source alone: its id or name.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $source::VARCHAR AS source,
        $top::BIGINT AS top
)

SELECT
    coalesce(s.name, a.source_id) AS source,
    count(*) AS articles,
    count(*) FILTER (WHERE a.date_published IS NULL) AS undated,
    round(count(*) FILTER (WHERE a.date_published IS NULL) / count(*), 3) AS share,
    min_by(a.headline, (a.valid_from, a.article_id)) FILTER (WHERE a.date_published IS NULL) AS for_example,
    min_by(a.article_id, (a.valid_from, a.article_id)) FILTER (WHERE a.date_published IS NULL) AS article_id,
    a.source_id
FROM articles AS a
JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
LEFT JOIN sources AS s ON a.source_id = s.source_id
CROSS JOIN given AS g
WHERE
    f.fetch_date BETWEEN g.since AND g.until
    AND (g.source IS NULL OR lower(strip_accents(g.source)) IN (a.source_id, lower(strip_accents(s.name))))
GROUP BY s.name, a.source_id
HAVING count(*) FILTER (WHERE a.date_published IS NULL) > 0
ORDER BY undated DESC, share DESC, a.source_id
LIMIT (SELECT given.top FROM given);

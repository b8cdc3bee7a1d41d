-- What became of each capture?
-- kept (as an article), quarantined or skipped, and why; pending is not read yet. Together they are all captures
-- of these days: nothing is lost.
-- topic: trust
-- $since date = (SELECT max(fetch_date) - 29 FROM raw.fetches): first day of capture counted (UTC).
-- $until date = (SELECT max(fetch_date) FROM raw.fetches): last such day.
-- $source text = NULL: one source alone: its id or name.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $source::VARCHAR AS source
)

SELECT
    coalesce(s.name, c.source_id) AS source,
    c.fate,
    c.reason,
    count(*) AS captures,
    count(DISTINCT c.article_id) AS articles,
    c.source_id
FROM mart.capture_fates AS c
LEFT JOIN sources AS s ON c.source_id = s.source_id
CROSS JOIN given AS g
WHERE
    c.fetch_date BETWEEN g.since AND g.until
    AND (g.source IS NULL OR lower(strip_accents(g.source)) IN (c.source_id, lower(strip_accents(s.name))))
GROUP BY s.name, c.source_id, c.fate, c.reason
ORDER BY c.source_id, c.fate, captures DESC, c.reason;

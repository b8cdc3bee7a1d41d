-- Articles of which the rows or the texts are not in the export, and why; never their text.
-- Parameters: first_day, last_day (NULL: open), texts (permitted, all or none).
SELECT
    r.article_id,
    coalesce(a.url, a.canonical_url) AS url,
    a.source_id,
    a.publisher_id,
    r.day,
    CASE r.effect WHEN 'row' THEN 'rows' ELSE 'texts' END AS withheld,
    r.reason,
    r.stated,
    r.said_by
FROM article_rights AS r
LEFT JOIN articles AS a ON r.article_id = a.article_id
WHERE
    r.article_id IN (SELECT v.article_id FROM article_versions AS v)
    AND (r.effect IN ('row', 'text') OR (r.effect = 'unknown' AND $texts <> 'all'))
    AND ($first_day::DATE IS NULL OR r.day >= $first_day)
    AND ($last_day::DATE IS NULL OR r.day <= $last_day)
ORDER BY r.article_id

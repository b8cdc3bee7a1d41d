-- Article versions of a day that this recognizer version has not read: those never read by any, and current ones.
-- Parameters: $day, $recognizer_version.
SELECT
    v.article_id,
    v.version,
    v.headline,
    v.article_body,
    v.in_language,
    coalesce(v.date_published::DATE, v.fetch_date) AS day
FROM article_versions AS v
WHERE
    v.fetch_date = $day
    AND NOT EXISTS (
        SELECT 1 FROM ops.recognitions AS r
        WHERE r.article_id = v.article_id AND r.version = v.version AND r.recognizer_version = $recognizer_version
    )
    AND (
        v.valid_to IS NULL
        OR NOT EXISTS (
            SELECT 1 FROM ops.recognitions AS r
            WHERE r.article_id = v.article_id AND r.version = v.version
        )
        -- Read before there were referents (0.3).
        OR EXISTS (
            SELECT 1 FROM mentions AS m
            WHERE m.article_id = v.article_id AND m.version = v.version AND m.referent_id IS NULL
        )
    )
ORDER BY v.article_id, v.version;

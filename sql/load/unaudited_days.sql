-- Days that were written after their last audit: a run was cut short between the two. A version that was never read for
-- mentions is unaudited too. Parameter: $assets, the assets that have checks.
WITH written AS (
    SELECT
        fetch_date AS day,
        'articles' AS asset_key,
        max(extracted_at) AS written_at
    FROM ops.extractions
    WHERE outcome = 'kept'
    GROUP BY fetch_date
    UNION ALL
    SELECT
        v.fetch_date AS day,
        a.asset_key,
        max(r.recognised_at) AS written_at
    FROM ops.recognitions AS r
    JOIN article_versions AS v ON r.article_id = v.article_id AND r.version = v.version
    CROSS JOIN (VALUES ('mentions'), ('entities')) AS a (asset_key)
    GROUP BY v.fetch_date, a.asset_key
)

SELECT w.day
FROM written AS w
WHERE
    list_contains($assets, w.asset_key)
    AND NOT EXISTS (
        SELECT 1 FROM ops.quality_results AS q
        WHERE q.partition_key = w.day AND q.asset_key = w.asset_key AND q.checked_at >= w.written_at
    )
    AND NOT EXISTS (
        SELECT 1 FROM ops.audits AS a
        WHERE
            coalesce(a.partition_key, w.day) = w.day AND a.asset_key = w.asset_key
            AND a.confirmed_at >= w.written_at
    )
UNION
SELECT v.fetch_date AS day
FROM article_versions AS v
LEFT JOIN ops.recognitions AS r ON v.article_id = r.article_id AND v.version = r.version
WHERE r.article_id IS NULL
ORDER BY day;

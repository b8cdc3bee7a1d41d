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
    UNION ALL
    SELECT
        partition_key AS day,
        asset_key,
        max(changed_at) AS written_at
    FROM ops.unaudited
    GROUP BY partition_key, asset_key
),

-- The audit of a whole table stands for each of its days, but only where none is audited by itself: beside the articles
-- of each day the table of all sources is audited, and that says nothing of the day.
daily AS (
    SELECT DISTINCT asset_key
    FROM ops.audits
    WHERE partition_key IS NOT NULL
),

audited AS (
    SELECT
        asset_key,
        partition_key AS day,
        confirmed_at AS at
    FROM ops.audits
    WHERE partition_key IS NOT NULL OR asset_key NOT IN (SELECT d.asset_key FROM daily AS d)
    UNION ALL
    -- Warehouses of before 0.5 have results, and no ops.audits.
    SELECT
        asset_key,
        partition_key AS day,
        checked_at AS at
    FROM ops.quality_results
    WHERE partition_key IS NOT NULL
)

SELECT w.day
FROM written AS w
WHERE
    list_contains($assets, w.asset_key)
    AND NOT EXISTS (
        SELECT 1 FROM audited AS a
        WHERE coalesce(a.day, w.day) = w.day AND a.asset_key = w.asset_key AND a.at >= w.written_at
    )
UNION
SELECT v.fetch_date AS day
FROM article_versions AS v
LEFT JOIN ops.recognitions AS r ON v.article_id = r.article_id AND v.version = r.version
WHERE r.article_id IS NULL
ORDER BY day;

-- What was held back or flagged, and why?
SELECT
    effect,
    reason,
    count(*) AS row_count,
    count(DISTINCT source_id) AS sources,
    min(fetch_date) AS first_day,
    max(fetch_date) AS last_day
FROM (
    SELECT
        effect,
        unnest(reasons) AS reason,
        source_id,
        fetch_date
    FROM mart.quarantine
    WHERE fetch_date BETWEEN $first AND $last
) AS failing
GROUP BY effect, reason
ORDER BY row_count DESC, effect, reason
LIMIT 20;

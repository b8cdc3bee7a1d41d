-- Checks that do not hold by their latest result, on the days of the variable days and on whole tables, worst first.
SELECT
    coalesce(q.partition_key::VARCHAR, 'whole table') AS day,
    q.asset_key,
    q.check_name,
    q.severity,
    q.unexpected_count,
    q.error
FROM ops.quality_results AS q
JOIN ops.quality_checks AS c
    ON
        q.asset_key = c.asset_key AND q.check_name = c.check_name
        AND c.is_daily = (q.partition_key IS NOT NULL)
WHERE q.partition_key IS NULL OR list_contains(getvariable('days'), q.partition_key)
QUALIFY
    row_number() OVER (
        PARTITION BY q.partition_key, q.asset_key, q.check_name
        ORDER BY q.checked_at DESC, q.run_id
    ) = 1
    AND NOT q.success
ORDER BY q.error IS NULL, q.severity = 'critical' DESC, day, q.asset_key, q.check_name;

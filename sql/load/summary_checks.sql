-- Checks that do not hold by their latest result, on the days of the variable days and on whole tables, worst first.
SELECT
    coalesce(partition_key::VARCHAR, 'whole table') AS day,
    asset_key,
    check_name,
    severity,
    unexpected_count,
    error,
    override_note
FROM ops.standing_results
WHERE status <> 'passed' AND (partition_key IS NULL OR list_contains(getvariable('days'), partition_key))
ORDER BY error IS NULL, severity = 'critical' DESC, severity = 'warning' DESC, day, asset_key, check_name;

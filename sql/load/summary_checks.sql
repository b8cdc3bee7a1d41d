-- Checks that did not hold in the runs of the variable run_ids, the worst first.
SELECT
    partition_key::VARCHAR AS day,
    asset_key,
    check_name,
    severity,
    unexpected_count,
    error
FROM ops.quality_results
WHERE NOT success AND list_contains(getvariable('run_ids'), run_id)
ORDER BY error IS NULL, severity = 'critical' DESC, day, asset_key, check_name;

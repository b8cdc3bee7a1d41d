-- The latest result of each check and day (or whole table), where it forbids a publish: the check is still declared, is
-- critical or its rule broke, and no override covers it.
WITH latest AS (
    SELECT r.*
    FROM ops.quality_results AS r
    JOIN ops.quality_checks AS c
        ON
            r.asset_key = c.asset_key AND r.check_name = c.check_name
            AND c.is_daily = (r.partition_key IS NOT NULL)
    QUALIFY row_number() OVER (
        PARTITION BY r.partition_key, r.asset_key, r.check_name
        ORDER BY r.checked_at DESC, r.run_id
    ) = 1
)

SELECT
    partition_key,
    asset_key,
    check_name,
    coalesce(
        'the rule broke: ' || error,
        unexpected_count || ' rows' || coalesce(', for example ' || failing_keys[1], ''),
        'observed ' || observed
    ) AS why
FROM latest
WHERE NOT success AND (severity = 'critical' OR error IS NOT NULL) AND override_id IS NULL
ORDER BY partition_key NULLS FIRST, asset_key, check_name;

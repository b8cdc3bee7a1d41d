-- The latest result of each check and partition, where it forbids a publish.
WITH latest AS (
    SELECT *
    FROM ops.quality_results
    QUALIFY row_number() OVER (
        PARTITION BY partition_key, asset_key, check_name
        ORDER BY checked_at DESC, run_id
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
WHERE NOT success AND (severity = 'critical' OR error IS NOT NULL)
ORDER BY partition_key, asset_key, check_name;

-- What forbids a publish: the latest result of each declared check and day (or whole table) that is critical or whose
-- rule broke, where no override in force covers it.
SELECT
    partition_key,
    asset_key,
    check_name,
    coalesce(
        'the rule broke: ' || error,
        unexpected_count || ' rows' || coalesce(', for example ' || failing_keys[1], ''),
        'observed ' || observed
    ) AS why
FROM ops.standing_results
WHERE blocks
ORDER BY partition_key NULLS FIRST, asset_key, check_name;

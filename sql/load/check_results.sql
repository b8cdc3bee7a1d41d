-- Latest results of the check $name of $asset, a row a day (or whole table): those that do not hold first, then the
-- newest day.
SELECT
    partition_key,
    status,
    unexpected_count,
    element_count,
    observed,
    failing_keys,
    failing_query,
    error,
    override_note,
    checked_at
FROM mart.quality_today
WHERE asset_key = $asset AND check_name = $name
ORDER BY status = 'passed', partition_key DESC NULLS FIRST;

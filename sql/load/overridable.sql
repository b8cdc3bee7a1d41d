-- The latest results of a check, by day or on the whole table, and whether each stops the publish or would without an
-- override. Parameters: $asset, $check_name.
SELECT
    partition_key,
    unexpected_count,
    failing_keys,
    error,
    observed,
    status = 'broken' OR (status = 'failed' AND stops <> 'nothing') AS stops
FROM ops.standing_results
WHERE asset_key = $asset AND check_name = $check_name
ORDER BY partition_key;

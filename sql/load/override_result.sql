-- Marks the latest result of a check on a day (or whole table) with the override that covers it: the result was written
-- when the check was run, the decision came later. Parameters: $override_id, $asset, $check_name, $day.
UPDATE ops.quality_results
SET override_id = $override_id
WHERE
    asset_key = $asset AND check_name = $check_name AND partition_key IS NOT DISTINCT FROM $day
    AND checked_at = (
        SELECT max(checked_at)
        FROM ops.quality_results
        WHERE asset_key = $asset AND check_name = $check_name AND partition_key IS NOT DISTINCT FROM $day
    );

-- Failing rows, each once, the gravest and the newest first.
-- Parameters (NULL: whatever): $reason, $asset, $source, $day, $effect; $state: open, left or all.
SELECT *
FROM ops.quarantined_rows
WHERE
    ($reason IS NULL OR list_contains(reasons, $reason))
    AND ($asset IS NULL OR asset_key = $asset)
    AND ($source IS NULL OR source_id = $source)
    AND ($day IS NULL OR fetch_date = $day)
    AND ($effect IS NULL OR effect = $effect)
    AND ($state = 'all' OR (left_at IS NULL) = ($state = 'open'))
ORDER BY
    left_at IS NOT NULL,
    CASE effect WHEN 'blocks' THEN 0 WHEN 'held' THEN 1 ELSE 2 END,
    since DESC,
    asset_key,
    row_key;

-- Rows of an asset that the quarantine lists at present, and the checks that failed within a month.
-- Parameters: asset; day, NULL where it has none.
SELECT
    (
        SELECT count(DISTINCT row_key)
        FROM ops.quarantine
        WHERE asset_key = $asset AND resolved_at IS NULL AND (fetch_date IS NULL OR fetch_date = $day)
    ) AS in_quarantine,
    (
        SELECT list(DISTINCT check_name)
        FROM ops.quality_results
        WHERE asset_key = $asset AND NOT success AND checked_at > now() - INTERVAL 30 DAY
    ) AS failed_of_late;

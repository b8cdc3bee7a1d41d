-- What the checks of an asset gave of late: of each day its latest result, newest day first, up to 14 days a check.
-- Parameters: asset; checks, those wanted.
SELECT
    check_name,
    coalesce(partition_key, checked_at::DATE) AS day,
    CASE WHEN success THEN 'passed' WHEN error IS NOT NULL THEN 'broken' ELSE 'failed' END AS status,
    unexpected_count,
    element_count
FROM (
    SELECT *
    FROM ops.quality_results
    WHERE asset_key = $asset AND list_contains($checks, check_name) AND checked_at > now() - INTERVAL 60 DAY
    QUALIFY row_number() OVER (
        PARTITION BY check_name, coalesce(partition_key, checked_at::DATE)
        ORDER BY checked_at DESC
    ) = 1
) AS latest
QUALIFY row_number() OVER (PARTITION BY check_name ORDER BY coalesce(partition_key, checked_at::DATE) DESC) <= 14
ORDER BY check_name, day DESC;

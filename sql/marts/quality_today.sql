CREATE OR REPLACE VIEW mart.quality_today AS
SELECT
    partition_key,
    asset_key,
    check_name,
    severity,
    CASE WHEN success THEN 'passed' WHEN error IS NOT NULL THEN 'broken' ELSE 'failed' END AS status,
    unexpected_count,
    element_count,
    observed,
    failing_keys,
    error,
    checked_at
FROM ops.quality_results
QUALIFY row_number() OVER (
    PARTITION BY partition_key, asset_key, check_name
    ORDER BY checked_at DESC, run_id
) = 1;

COMMENT ON VIEW mart.quality_today IS 'One row a check and partition: its latest result. broken: the rule itself failed.';

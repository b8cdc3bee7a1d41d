CREATE OR REPLACE VIEW ops.standing_results AS
WITH latest AS (
    SELECT
        asset_key,
        check_name,
        partition_key,
        max(checked_at) AS checked_at,
        max_by(run_id, checked_at) AS run_id
    FROM ops.quality_results
    GROUP BY ALL
)

SELECT
    r.asset_key,
    r.check_name,
    r.partition_key,
    c.table_name,
    c.key_name,
    c.names_rows,
    -- As declared now: a rule that was made milder no longer stops the days that it failed on before.
    c.severity,
    c.stops,
    c.owner,
    c.description,
    CASE WHEN r.success THEN 'passed' WHEN r.error IS NOT NULL THEN 'broken' ELSE 'failed' END AS status,
    r.observed,
    r.element_count,
    r.unexpected_count,
    r.failing_keys,
    r.failing_query,
    r.error,
    r.run_id,
    r.checked_at,
    greatest(r.checked_at, a.confirmed_at) AS confirmed_at,
    o.override_id,
    o.note AS override_note,
    o.decided_by AS override_by,
    o.decided_at AS override_at,
    NOT r.success AND (r.error IS NOT NULL OR c.stops <> 'nothing') AND o.override_id IS NULL AS blocks
FROM latest AS l
JOIN ops.quality_results AS r
    ON
        l.asset_key = r.asset_key AND l.check_name = r.check_name AND l.checked_at = r.checked_at
        AND l.run_id = r.run_id AND l.partition_key IS NOT DISTINCT FROM r.partition_key
JOIN ops.quality_checks AS c
    ON
        r.asset_key = c.asset_key AND r.check_name = c.check_name
        AND c.is_daily = (r.partition_key IS NOT NULL)
LEFT JOIN ops.audits AS a
    ON c.suite = a.suite AND r.partition_key IS NOT DISTINCT FROM a.partition_key
LEFT JOIN ops.overrides AS o ON r.override_id = o.override_id AND o.ended_at IS NULL;

COMMENT ON VIEW ops.standing_results IS
'One row a declared check and day (or whole table): its latest result, whether it still stops the publish, and who overrode it.';

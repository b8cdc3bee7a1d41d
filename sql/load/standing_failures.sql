-- Every check that does not hold by its latest result, with the run since which that is so: broken rules first, then
-- what stops the publish, then by severity.
WITH last_passes AS (
    SELECT
        asset_key,
        check_name,
        partition_key,
        max(checked_at) FILTER (WHERE success) AS passed_at
    FROM ops.quality_results
    GROUP BY ALL
),

since AS (
    SELECT
        q.asset_key,
        q.check_name,
        q.partition_key,
        min(q.checked_at) AS failing_since,
        min_by(q.run_id, q.checked_at) AS since_run_id
    FROM ops.quality_results AS q
    JOIN last_passes AS p
        ON
            q.asset_key = p.asset_key AND q.check_name = p.check_name
            AND q.partition_key IS NOT DISTINCT FROM p.partition_key
    WHERE NOT q.success AND (p.passed_at IS NULL OR q.checked_at > p.passed_at)
    GROUP BY ALL
)

SELECT
    s.partition_key AS day,
    s.asset_key AS asset,
    s.check_name AS name,
    s.status,
    s.severity,
    s.stops,
    s.owner,
    s.description,
    s.table_name,
    s.key_name,
    s.names_rows,
    s.unexpected_count AS unexpected,
    s.element_count AS rows_checked,
    s.observed,
    s.failing_keys,
    s.failing_query,
    s.error,
    s.blocks,
    s.override_id,
    s.override_note,
    s.override_by,
    i.failing_since,
    i.since_run_id
FROM ops.standing_results AS s
JOIN since AS i
    ON
        s.asset_key = i.asset_key AND s.check_name = i.check_name
        AND s.partition_key IS NOT DISTINCT FROM i.partition_key
WHERE s.status <> 'passed'
ORDER BY
    s.status = 'broken' DESC,
    s.blocks DESC,
    s.severity = 'critical' DESC,
    s.severity = 'warning' DESC,
    s.partition_key DESC NULLS FIRST,
    s.asset_key,
    s.check_name;

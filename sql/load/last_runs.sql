-- The last ten runs, the newest first.
SELECT
    run_id,
    started_at,
    partition_key AS day,
    status,
    coalesce(rows_in, 0) AS rows_in,
    coalesce(rows_out, 0) AS rows_out,
    coalesce(rows_quarantined, 0) AS rows_quarantined
FROM ops.runs
ORDER BY started_at DESC, run_id
LIMIT 10;

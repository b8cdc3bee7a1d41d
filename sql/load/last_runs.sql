-- The last ten runs, the newest first.
SELECT
    started_at,
    partition_key,
    status,
    rows_in,
    rows_out,
    rows_quarantined
FROM ops.runs
ORDER BY started_at DESC, run_id
LIMIT 10;

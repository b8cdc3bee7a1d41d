-- Which failing checks did a person publish against, and why?
SELECT
    check_name,
    partition_key AS day,
    note,
    decided_by,
    decided_at
FROM ops.overrides
WHERE ended_at IS NULL AND (partition_key IS NULL OR partition_key BETWEEN $first AND $last)
ORDER BY decided_at DESC, check_name, partition_key
LIMIT 20;

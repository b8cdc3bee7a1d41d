-- Decisions to publish though a check fails that have not ended, the oldest first.
SELECT
    override_id,
    asset_key,
    check_name,
    partition_key,
    unexpected_count,
    failing_keys,
    error,
    observed,
    note,
    decided_by,
    decided_at
FROM ops.overrides
WHERE ended_at IS NULL
ORDER BY decided_at, override_id;

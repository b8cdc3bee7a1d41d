-- What lasts, and what ended after $since without people having been told that. Parameter: $since.
SELECT
    alert_id,
    kind,
    subject_key,
    message,
    query,
    opened_at,
    told_at,
    cleared_at,
    cleared_told_at
FROM ops.alerts
WHERE cleared_at IS NULL OR (told_at IS NOT NULL AND cleared_told_at IS NULL AND cleared_at > $since)
ORDER BY opened_at, kind, subject_key;

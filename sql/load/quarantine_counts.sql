-- Rows in quarantine by effect and reason: what stops the publish first, then what is held back.
SELECT
    effect,
    reason,
    asset_key AS asset,
    count(DISTINCT row_key) AS row_count
FROM ops.quarantine
WHERE resolved_at IS NULL
GROUP BY effect, reason, asset_key
ORDER BY effect = 'blocks' DESC, effect = 'held' DESC, row_count DESC, reason;

-- Which rows are held back or flagged, and why?
-- effect: held (not in the tables), blocks (stops the publish) or flagged (in the tables, to be looked at). reasons are
-- names of checks; newsledger quarantine decides about them.
-- topic: trust
-- $effect held|blocks|flagged = NULL: held, blocks or flagged alone.
-- $top integer = 50: rows shown.
WITH given AS (
    SELECT
        $effect::VARCHAR AS effect,
        $top::BIGINT AS top
)

SELECT
    q.effect,
    q.severity,
    array_to_string(q.reasons, ', ') AS reasons,
    array_to_string(q.descriptions, ' ') AS what_must_hold,
    q.fetch_date AS day,
    q.source_id,
    coalesce(q.headline, q.url, q.location) AS what,
    q.awaits,
    q.archive_path,
    q.asset_key,
    q.row_key
FROM mart.quarantine AS q
CROSS JOIN given AS g
WHERE g.effect IS NULL OR q.effect = g.effect
ORDER BY q.effect = 'blocks' DESC, q.effect = 'held' DESC, day DESC, q.asset_key, q.row_key
LIMIT (SELECT given.top FROM given);

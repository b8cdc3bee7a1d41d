-- Failing rows that a key or the beginning of one may mean, each with how sure that is: 0 the key itself, 1 the key of
-- its capture or article, 2 and 3 their beginnings. Parameters: $needle, $asset (NULL: whatever).
SELECT
    *,
    CASE
        WHEN row_key = $needle THEN 0
        WHEN $needle IN (fetch_id, article_id) THEN 1
        WHEN starts_with(row_key, $needle) THEN 2
        ELSE 3
    END AS match_rank
FROM ops.quarantined_rows
WHERE
    ($asset IS NULL OR asset_key = $asset)
    AND (starts_with(row_key, $needle) OR starts_with(fetch_id, $needle) OR starts_with(article_id, $needle))
QUALIFY match_rank = min(match_rank) OVER ()
ORDER BY left_at IS NOT NULL, asset_key, row_key;

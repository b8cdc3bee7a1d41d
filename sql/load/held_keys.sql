-- Keys of a day's rows that an asset's rules on staging list at present, by rule, but for those that are judged afresh:
-- staged now, taken for no article since, or released. Parameters: $asset, $day.
SELECT
    q.reason,
    list(q.row_key ORDER BY q.row_key) AS row_keys
FROM ops.quarantine AS q
WHERE
    q.asset_key = $asset AND q.fetch_date = $day AND q.resolved_at IS NULL
    AND q.effect IN ('held', 'flagged') AND starts_with(q.table_name, 'staging.')
    AND q.row_key NOT IN (SELECT s.fetch_id FROM staging.articles AS s)
    AND NOT EXISTS (
        SELECT 1 FROM ops.extractions AS e
        WHERE e.fetch_id = q.fetch_id AND e.outcome = 'skipped' AND e.extracted_at > q.created_at
    )
    AND NOT EXISTS (
        SELECT 1 FROM ops.row_decisions AS d
        WHERE
            d.asset_key = q.asset_key AND d.row_key = q.row_key AND d.reason = q.reason
            AND d.decision = 'release' AND d.withdrawn_at IS NULL
    )
GROUP BY q.reason;

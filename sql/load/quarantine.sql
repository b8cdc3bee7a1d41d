-- held (asset_key, row_key, reason) -> ops.quarantine. row_key is a fetch_id in every suite that can hold rows.
-- What is held already was judged by the rule as it is now.
UPDATE ops.quarantine AS q
SET rule_hash = sha256(c.query)
FROM held AS h
JOIN ops.quality_checks AS c ON h.asset_key = c.asset_key AND h.reason = c.check_name
WHERE
    q.asset_key = h.asset_key AND q.row_key = h.row_key AND q.reason = h.reason AND q.resolved_at IS NULL
    AND q.rule_hash IS DISTINCT FROM sha256(c.query);

INSERT INTO ops.quarantine BY NAME
SELECT
    h.asset_key,
    h.row_key,
    h.reason,
    coalesce(s.extraction_error, f.outcome_reason) AS detail,
    f.payload_sha256,
    f.fetch_id,
    f.fetch_date,
    getvariable('run_id') AS run_id,
    now() AS created_at,
    'held' AS effect,
    CASE h.asset_key WHEN 'fetches' THEN 'raw.fetches' ELSE 'staging.articles' END AS table_name,
    s.article_id,
    f.source_id,
    sha256(c.query) AS rule_hash
FROM held AS h
JOIN raw.fetches AS f ON h.row_key = f.fetch_id
LEFT JOIN staging.articles AS s ON h.row_key = s.fetch_id
LEFT JOIN ops.quality_checks AS c ON h.asset_key = c.asset_key AND h.reason = c.check_name
WHERE NOT EXISTS (
    SELECT 1
    FROM ops.quarantine AS q
    WHERE q.asset_key = h.asset_key AND q.row_key = h.row_key AND q.reason = h.reason AND q.resolved_at IS NULL
);

CREATE OR REPLACE VIEW mart.quarantine AS
SELECT
    asset_key,
    row_key,
    table_name,
    effect,
    severity,
    reasons,
    descriptions,
    details,
    since,
    fetch_date,
    source_id,
    fetch_id,
    article_id,
    url,
    location,
    headline,
    payload_sha256,
    archive_path,
    run_id,
    awaits
FROM ops.quarantined_rows
WHERE left_at IS NULL;

COMMENT ON VIEW mart.quarantine IS
'One row a failing row of a table, once with all its reasons: what it does (held, blocks, flagged), since when, its capture, and the decision that the next run applies (awaits).';

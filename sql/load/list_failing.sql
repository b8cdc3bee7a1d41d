-- failing (row_key, reason, effect) of one suite and partition -> ops.quarantine, but for rows that are held.
-- Variables: run_id, asset, table_name, partition (NULL: the whole table), checks (those that were evaluated).
-- Table: provenance (row_key, fetch_id, article_id), where rows of the table come from captures.
INSERT INTO ops.quarantine BY NAME
SELECT
    getvariable('asset') AS asset_key,
    x.row_key,
    x.reason,
    p.fetch_id,
    coalesce(f.fetch_date, getvariable('partition')) AS fetch_date,
    f.payload_sha256,
    p.article_id,
    f.source_id,
    x.effect,
    getvariable('table_name') AS table_name,
    getvariable('run_id') AS run_id,
    now() AS created_at
FROM failing AS x
LEFT JOIN provenance AS p ON x.row_key = p.row_key
LEFT JOIN raw.fetches AS f ON p.fetch_id = f.fetch_id
WHERE
    NOT EXISTS (
        SELECT 1 FROM ops.quarantine AS q
        WHERE
            q.asset_key = getvariable('asset') AND q.reason = x.reason AND q.row_key = x.row_key
            AND q.resolved_at IS NULL
    );

-- What passes now leaves it, with its history kept: rows of this partition, by checks that could be evaluated.
UPDATE ops.quarantine AS q
SET resolved_at = now(), resolution = 'passed', resolved_run_id = getvariable('run_id')
WHERE
    q.asset_key = getvariable('asset') AND q.resolved_at IS NULL AND q.effect <> 'held'
    AND list_contains(getvariable('checks'), q.reason)
    AND (getvariable('partition') IS NULL OR q.fetch_date IS NOT DISTINCT FROM getvariable('partition'))
    AND NOT EXISTS (SELECT 1 FROM failing AS x WHERE x.reason = q.reason AND x.row_key = q.row_key);

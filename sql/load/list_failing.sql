-- failing (row_key, reason, effect) of one suite and partition -> ops.quarantine, but for rows that are held.
-- Variables: run_id, asset, table_name, partition (NULL: the whole table), checks (those that were evaluated).
-- Tables: provenance (row_key, fetch_id, article_id, source_id), where rows of the table come from captures; gone
-- (row_key), keys of open rows that the table no longer has; unstaged (row_key), those that wait for another reading.
INSERT INTO ops.quarantine BY NAME
SELECT
    getvariable('asset') AS asset_key,
    x.row_key,
    x.reason,
    p.fetch_id,
    coalesce(getvariable('partition'), f.fetch_date) AS fetch_date,
    f.payload_sha256,
    p.article_id,
    coalesce(f.source_id, p.source_id) AS source_id,
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
    )
-- A capture that is there twice is one failing row.
QUALIFY row_number() OVER (PARTITION BY x.row_key, x.reason ORDER BY f.payload_sha256) = 1;

-- A rule may have become stricter or laxer since; a check of whole tables that now is one of days has a day.
UPDATE ops.quarantine AS q
SET effect = x.effect, fetch_date = coalesce(q.fetch_date, getvariable('partition'))
FROM failing AS x
WHERE
    q.asset_key = getvariable('asset') AND q.reason = x.reason AND q.row_key = x.row_key AND q.resolved_at IS NULL
    AND (q.effect <> x.effect OR (q.fetch_date IS NULL AND getvariable('partition') IS NOT NULL));

-- The same key may fail on several days, as an article whose versions are of different ones does: where it no longer
-- fails on the day that it was listed for, it is listed for the other.
UPDATE ops.quarantine AS q
SET fetch_date = o.partition_key
FROM (
    SELECT
        l.check_name,
        l.row_key,
        min(l.partition_key) AS partition_key
    FROM (
        SELECT
            r.check_name,
            r.partition_key,
            unnest(r.failing_keys) AS row_key
        FROM (
            SELECT *
            FROM ops.quality_results
            WHERE asset_key = getvariable('asset') AND partition_key <> getvariable('partition')
            QUALIFY row_number() OVER (PARTITION BY check_name, partition_key ORDER BY checked_at DESC, run_id) = 1
        ) AS r
        WHERE NOT r.success
    ) AS l
    GROUP BY l.check_name, l.row_key
) AS o
WHERE
    q.asset_key = getvariable('asset') AND q.reason = o.check_name AND q.row_key = o.row_key
    AND q.resolved_at IS NULL AND q.effect <> 'held' AND q.fetch_date = getvariable('partition')
    AND list_contains(getvariable('checks'), q.reason)
    AND NOT EXISTS (SELECT 1 FROM failing AS x WHERE x.reason = q.reason AND x.row_key = q.row_key)
    AND NOT EXISTS (SELECT 1 FROM gone AS g WHERE g.row_key = q.row_key);

-- What passes now leaves it, with its history kept: rows of this partition, by checks that could be evaluated; of
-- whatever day what is no longer there.
UPDATE ops.quarantine AS q
SET
    resolved_at = now(),
    resolved_run_id = getvariable('run_id'),
    resolution = CASE
        WHEN q.row_key IN (SELECT g.row_key FROM gone AS g) THEN 'superseded'
        WHEN EXISTS (
            SELECT 1 FROM ops.row_decisions AS d
            WHERE
                d.asset_key = q.asset_key AND d.row_key = q.row_key AND d.reason = q.reason
                AND d.decision = 'release' AND d.withdrawn_at IS NULL
        ) THEN 'released'
        ELSE 'passed'
    END
WHERE
    q.asset_key = getvariable('asset') AND q.resolved_at IS NULL AND q.effect <> 'held'
    AND list_contains(getvariable('checks'), q.reason)
    AND (
        q.row_key IN (SELECT g.row_key FROM gone AS g)
        OR getvariable('partition') IS NULL OR q.fetch_date IS NOT DISTINCT FROM getvariable('partition')
    )
    AND (
        q.row_key NOT IN (SELECT u.row_key FROM unstaged AS u)
        OR EXISTS (
            SELECT 1 FROM ops.row_decisions AS d
            WHERE
                d.asset_key = q.asset_key AND d.row_key = q.row_key AND d.reason = q.reason
                AND d.decision = 'release' AND d.withdrawn_at IS NULL
        )
    )
    AND NOT EXISTS (SELECT 1 FROM failing AS x WHERE x.reason = q.reason AND x.row_key = q.row_key);

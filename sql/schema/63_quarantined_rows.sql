CREATE OR REPLACE VIEW ops.quarantined_rows AS
WITH judged AS (
    SELECT
        *,
        resolved_at IS NULL AS is_open,
        bool_or(resolved_at IS NULL) OVER (PARTITION BY asset_key, row_key) AS row_is_open
    FROM ops.quarantine
),

-- Of a row that fails still, what it failed of before is history.
present AS (
    SELECT
        q.*,
        c.description,
        c.severity,
        CASE q.effect WHEN 'held' THEN 3 WHEN 'blocks' THEN 2 ELSE 1 END AS effect_rank,
        CASE c.severity WHEN 'critical' THEN 3 WHEN 'warning' THEN 2 WHEN 'info' THEN 1 ELSE 0 END AS severity_rank
    FROM judged AS q
    LEFT JOIN ops.quality_checks AS c ON q.asset_key = c.asset_key AND q.reason = c.check_name
    WHERE q.is_open = q.row_is_open
),

grouped AS (
    SELECT
        asset_key,
        row_key,
        max_by(table_name, created_at) AS table_name,
        list(DISTINCT reason ORDER BY reason) AS reasons,
        list(DISTINCT description ORDER BY description) FILTER (WHERE description IS NOT NULL) AS descriptions,
        list(DISTINCT detail ORDER BY detail) FILTER (WHERE detail IS NOT NULL) AS details,
        max_by(effect, effect_rank) AS effect,
        max_by(severity, severity_rank) AS severity,
        min(created_at) AS since,
        CASE WHEN NOT bool_or(row_is_open) THEN max(resolved_at) END AS left_at,
        CASE WHEN NOT bool_or(row_is_open) THEN max_by(resolution, resolved_at) END AS resolution,
        max_by(fetch_date, created_at) AS fetch_date,
        max_by(fetch_id, created_at) AS fetch_id,
        max_by(article_id, created_at) AS article_id,
        max_by(source_id, created_at) AS source_id,
        max_by(payload_sha256, created_at) AS payload_sha256,
        min_by(run_id, created_at) AS run_id
    FROM present
    GROUP BY asset_key, row_key
),

-- Decisions that the next run applies.
released AS (
    SELECT DISTINCT
        q.asset_key,
        q.row_key
    FROM ops.quarantine AS q
    JOIN ops.row_decisions AS d ON q.asset_key = d.asset_key AND q.row_key = d.row_key AND q.reason = d.reason
    WHERE d.decision = 'release' AND d.withdrawn_at IS NULL AND q.resolved_at IS NULL
),

dropped AS (
    SELECT DISTINCT row_key AS fetch_id
    FROM ops.row_decisions
    WHERE decision = 'drop' AND withdrawn_at IS NULL
),

due AS (
    SELECT fetch_id
    FROM ops.due_readings
    WHERE due_reason = 'decided'
)

SELECT
    g.*,
    coalesce(f.final_uri, f.target_uri) AS url,
    f.location,
    a.headline,
    f.archive_path,
    f.fetched_at,
    CASE
        WHEN g.left_at IS NOT NULL THEN NULL
        WHEN d.fetch_id IS NOT NULL THEN 'drop'
        WHEN r.row_key IS NOT NULL THEN 'release'
        WHEN u.fetch_id IS NOT NULL THEN 'retry'
    END AS awaits
FROM grouped AS g
LEFT JOIN raw.fetches AS f ON g.fetch_id = f.fetch_id
LEFT JOIN articles AS a ON g.article_id = a.article_id AND g.effect <> 'held'
LEFT JOIN released AS r ON g.asset_key = r.asset_key AND g.row_key = r.row_key
LEFT JOIN dropped AS d ON g.fetch_id = d.fetch_id AND g.effect = 'held'
LEFT JOIN due AS u ON g.fetch_id = u.fetch_id;

COMMENT ON VIEW ops.quarantined_rows IS
'One row a failing row, with all its reasons; those that left quarantine since included, with the reasons of their whole time there (left_at).';

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
LEFT JOIN main.articles AS a ON g.article_id = a.article_id AND g.effect <> 'held'
LEFT JOIN released AS r ON g.asset_key = r.asset_key AND g.row_key = r.row_key
LEFT JOIN dropped AS d ON g.fetch_id = d.fetch_id AND g.effect = 'held'
LEFT JOIN due AS u ON g.fetch_id = u.fetch_id;

COMMENT ON VIEW ops.quarantined_rows IS
'One row a failing row, with all its reasons; those that left quarantine since included, with the reasons of their whole time there (left_at).';
COMMENT ON COLUMN ops.quarantined_rows.asset_key IS 'Asset whose rules it broke.';
COMMENT ON COLUMN ops.quarantined_rows.row_key IS 'Key of the row, by the suite''s key: the fetch_id of a held capture.';
COMMENT ON COLUMN ops.quarantined_rows.table_name IS 'Table of the row.';
COMMENT ON COLUMN ops.quarantined_rows.reasons IS 'Names of the checks that it breaks, each once, in alphabetical order.';
COMMENT ON COLUMN ops.quarantined_rows.descriptions IS 'What these checks demand, in sentences; of checks that are still declared.';
COMMENT ON COLUMN ops.quarantined_rows.details IS 'More on this row, where a stage or a rule knows more.';
COMMENT ON COLUMN ops.quarantined_rows.effect IS 'held (kept out of the warehouse), blocks (in the warehouse, and nothing is published until it is mended) or flagged (published): the gravest of its reasons.';
COMMENT ON COLUMN ops.quarantined_rows.severity IS 'critical, warning or info: the gravest of its reasons; NULL where none is declared any more.';
COMMENT ON COLUMN ops.quarantined_rows.since IS 'When the first of these reasons was found.';
COMMENT ON COLUMN ops.quarantined_rows.left_at IS 'When it left quarantine; NULL while it is there.';
COMMENT ON COLUMN ops.quarantined_rows.resolution IS 'How it left: passed; released or dropped (a person decided); superseded (a later reading took its place); skipped (read as no article); retired (the rule is gone). NULL while it is there.';
COMMENT ON COLUMN ops.quarantined_rows.fetch_date IS 'Day that was checked; of a check on a whole table the capture''s day, NULL where there is none.';
COMMENT ON COLUMN ops.quarantined_rows.fetch_id IS 'Its capture; references raw.fetches. NULL where it comes from no single one.';
COMMENT ON COLUMN ops.quarantined_rows.article_id IS 'Article of the row, where it has one.';
COMMENT ON COLUMN ops.quarantined_rows.source_id IS 'Source of the row, where it has one.';
COMMENT ON COLUMN ops.quarantined_rows.payload_sha256 IS 'Its bytes in the archive; NULL where it comes from no single capture.';
COMMENT ON COLUMN ops.quarantined_rows.run_id IS 'Run that found the first of these reasons.';
COMMENT ON COLUMN ops.quarantined_rows.url IS 'Address of its capture, after redirects; NULL where a file came without one.';
COMMENT ON COLUMN ops.quarantined_rows.location IS 'Where its bytes were read, relative to the source: a file''s path, or a WARC''s path and record.';
COMMENT ON COLUMN ops.quarantined_rows.headline IS 'Headline of its article; NULL for held captures, which are no articles yet.';
COMMENT ON COLUMN ops.quarantined_rows.archive_path IS 'Path of its payload below the archive''s root.';
COMMENT ON COLUMN ops.quarantined_rows.fetched_at IS 'When its bytes were captured (UTC).';
COMMENT ON COLUMN ops.quarantined_rows.awaits IS 'What the next run does because a person decided: drop, release or retry; NULL where nobody did, or where it left.';

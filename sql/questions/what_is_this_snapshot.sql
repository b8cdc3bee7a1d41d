-- What is this snapshot, and how old is it?
-- One row: when it was published and by which code, what it holds, and the failures that a person let through.
-- first_day and last_day are days of capture.
-- topic: trust
WITH latest AS (
    SELECT *
    FROM ops.snapshots
    ORDER BY published_at DESC
    LIMIT 1
),

days AS (
    SELECT min(day) AS first_day, max(day) AS last_day, count(*) AS days
    FROM rollups.days
),

kept AS (
    SELECT
        count(*) AS versions,
        count(DISTINCT coalesce(publisher_id, source_id)) AS outlets,
        count(DISTINCT in_language) AS languages
    FROM article_versions
),

let_through AS (
    SELECT
        list(concat(o.check_name, ': ', o.note) ORDER BY o.decided_at, o.check_name) AS failures
    FROM ops.overrides AS o
    WHERE list_contains((SELECT l.override_ids FROM latest AS l), o.override_id)
)

SELECT
    s.published_at,
    round(epoch(now() - s.published_at) / 3600, 1) AS hours_ago,
    d.first_day,
    d.last_day,
    d.days,
    s.article_count AS articles,
    k.versions,
    k.outlets,
    k.languages,
    s.entity_count AS entities,
    s.mention_count AS mentions,
    coalesce(o.failures, []) AS let_through,
    (SELECT max_by(r.code_version, r.started_at) FROM ops.runs AS r) AS code_version,
    s.snapshot_id
FROM latest AS s
CROSS JOIN days AS d
CROSS JOIN kept AS k
CROSS JOIN let_through AS o;

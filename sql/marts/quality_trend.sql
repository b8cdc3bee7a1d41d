CREATE OR REPLACE VIEW mart.quality_trend AS
WITH by_day AS (
    SELECT
        c.suite,
        c.severity,
        q.asset_key,
        q.check_name,
        c.is_daily,
        coalesce(q.partition_key, (q.checked_at AT TIME ZONE 'UTC')::DATE) AS day,
        max(q.checked_at) AS checked_at,
        max_by(
            CASE WHEN q.success THEN 'passed' WHEN q.error IS NOT NULL THEN 'broken' ELSE 'failed' END, q.checked_at
        ) AS status,
        max_by(
            struct_pack(u := q.unexpected_count, e := q.element_count, o := q.observed), q.checked_at
        ) AS counts
    FROM ops.quality_results AS q
    JOIN ops.quality_checks AS c
        ON
            q.asset_key = c.asset_key AND q.check_name = c.check_name
            AND c.is_daily = (q.partition_key IS NOT NULL)
    GROUP BY ALL
),

in_order AS (
    SELECT
        suite,
        asset_key,
        check_name,
        severity,
        is_daily,
        day,
        status,
        counts.u AS unexpected_count,
        counts.e AS element_count,
        counts.u / nullif(counts.e, 0) AS unexpected_share,
        counts.o AS observed,
        checked_at,
        lag(status) OVER checks AS previous_status,
        lag(counts.u) OVER checks AS previous_count,
        lag(counts.u / nullif(counts.e, 0)) OVER checks AS previous_share,
        lead(checked_at) OVER checks AS next_checked_at
    FROM by_day
    WINDOW checks AS (PARTITION BY asset_key, check_name ORDER BY day)
)

SELECT
    t.asset_key,
    t.check_name,
    t.severity,
    t.day,
    t.status,
    t.unexpected_count,
    t.element_count,
    t.unexpected_share,
    t.observed,
    t.previous_status,
    t.previous_count,
    t.previous_share,
    t.previous_status IS NOT NULL AND t.previous_status <> t.status AS changed,
    t.checked_at,
    -- A result stands until the next one; the last one until the rows were last found unchanged.
    CASE
        WHEN t.is_daily OR t.next_checked_at IS NULL THEN greatest(t.checked_at, a.confirmed_at)
        ELSE t.next_checked_at
    END AS stood_until
FROM in_order AS t
LEFT JOIN ops.audits AS a
    ON
        t.suite = a.suite
        AND CASE WHEN t.is_daily THEN t.day = a.partition_key ELSE a.partition_key IS NULL END;

COMMENT ON VIEW mart.quality_trend IS
'One row a declared check and day: the latest result about that day (of that day, where the check is on a whole table), beside the one of the day before it.';
COMMENT ON COLUMN mart.quality_trend.asset_key IS 'Asset that was checked.';
COMMENT ON COLUMN mart.quality_trend.check_name IS 'Name of the check.';
COMMENT ON COLUMN mart.quality_trend.severity IS 'critical, warning or info, as declared now.';
COMMENT ON COLUMN mart.quality_trend.day IS 'Day whose rows were checked; where the check is on a whole table, the day on which it was.';
COMMENT ON COLUMN mart.quality_trend.status IS 'passed, failed, or broken (the rule itself failed).';
COMMENT ON COLUMN mart.quality_trend.unexpected_count IS 'Rows that break the rule.';
COMMENT ON COLUMN mart.quality_trend.element_count IS 'Rows looked at.';
COMMENT ON COLUMN mart.quality_trend.unexpected_share IS 'unexpected_count by element_count, 0 to 1; NULL where the rule counts no rows.';
COMMENT ON COLUMN mart.quality_trend.observed IS 'What was observed, as JSON.';
COMMENT ON COLUMN mart.quality_trend.previous_status IS 'Status of the check on the day before that it has a result for; NULL on the first.';
COMMENT ON COLUMN mart.quality_trend.previous_count IS 'unexpected_count of the day before that has a result.';
COMMENT ON COLUMN mart.quality_trend.previous_share IS 'unexpected_share of the day before that has a result.';
COMMENT ON COLUMN mart.quality_trend.changed IS 'True where the status differs from the previous one.';
COMMENT ON COLUMN mart.quality_trend.checked_at IS 'When it was checked.';
COMMENT ON COLUMN mart.quality_trend.stood_until IS 'Until when that result is known to have stood: rows that do not change are not checked again.';

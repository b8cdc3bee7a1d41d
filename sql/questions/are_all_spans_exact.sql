-- Are all spans exact?
-- Looks at every mention of the last days again: broken must be 0. Beside it what the audits of all days found, each
-- made when the day's rows last changed: audited_rows mentions on audited_days days, of which audited_broken were not
-- exact.
-- topic: trust
-- $days integer = 1: days of capture looked at now, back from the last; a day of 1,000 articles takes 0.3 s.
WITH given AS (
    SELECT
        $days::BIGINT AS days
),

looked_at AS (
    SELECT v.article_id, v.version, v.headline, v.article_body, v.fetch_date
    FROM article_versions AS v
    CROSS JOIN given AS g
    WHERE v.fetch_date > (SELECT max(l.fetch_date) FROM article_versions AS l) - g.days::INTEGER
),

checked AS (
    SELECT
        count(*) AS mentions,
        count(*) FILTER (
            WHERE substring(
                CASE WHEN m.in_headline THEN v.headline ELSE v.article_body END,
                m.start_char + 1,
                m.end_char - m.start_char
            ) IS DISTINCT FROM m.exact
        ) AS broken,
        min(v.fetch_date) AS since
    FROM mentions AS m
    JOIN looked_at AS v ON m.article_id = v.article_id AND m.version = v.version
),

audits AS (
    SELECT
        count(DISTINCT s.partition_key) AS audited_days,
        coalesce(sum(s.element_count), 0)::BIGINT AS audited_rows,
        coalesce(sum(s.unexpected_count), 0)::BIGINT AS audited_broken,
        count(*) FILTER (WHERE s.status <> 'passed') AS days_failed,
        max(s.confirmed_at) AS last_audited_at
    FROM ops.standing_results AS s
    WHERE s.table_name = 'mentions' AND s.check_name = 'spans_exact'
)

SELECT
    c.mentions,
    c.broken,
    c.since,
    a.audited_days,
    a.audited_rows,
    a.audited_broken,
    a.days_failed,
    a.last_audited_at
FROM checked AS c
CROSS JOIN audits AS a;

-- Is the data fit to use?
-- One row a day of capture, and one (day NULL) for what is checked of whole tables. fit: every check passed; fit, but
-- look: warnings failed, or a person let a failure through; not fit: a critical check failed and nobody did. failed
-- lists them; newsledger checks NAME says what each holds and why.
-- topic: trust
-- $since date = (SELECT max(fetch_date) - 6 FROM raw.fetches): first day of capture shown (UTC).
-- $until date = (SELECT max(fetch_date) FROM raw.fetches): last such day.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until
)

SELECT
    q.partition_key AS day,
    CASE
        WHEN bool_or(q.status <> 'passed' AND q.severity = 'critical' AND q.override_note IS NULL) THEN 'not fit'
        WHEN bool_or(q.status <> 'passed' AND q.severity <> 'info') THEN 'fit, but look'
        ELSE 'fit'
    END AS verdict,
    count(*) AS checks,
    count(*) FILTER (WHERE q.status = 'passed') AS passed,
    count(*) FILTER (WHERE q.status <> 'passed' AND q.severity = 'critical') AS critical,
    count(*) FILTER (WHERE q.status <> 'passed' AND q.severity = 'warning') AS warnings,
    count(*) FILTER (WHERE q.override_note IS NOT NULL) AS let_through,
    coalesce(
        list(concat(q.check_name, ': ', coalesce(q.unexpected_count, 0), ' rows') ORDER BY q.severity, q.check_name)
        FILTER (WHERE q.status <> 'passed'),
        []
    ) AS failed,
    max(q.confirmed_at) AS last_confirmed_at
FROM mart.quality_today AS q
CROSS JOIN given AS g
WHERE q.partition_key BETWEEN g.since AND g.until OR q.partition_key IS NULL
GROUP BY q.partition_key
ORDER BY q.partition_key DESC NULLS FIRST;

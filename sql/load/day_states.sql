-- What has been done on days, in numbers that a run changes only by getting something done: a day whose numbers stand
-- still is not asked for again. Parameters: $days, $extractor_version, $recognizer_version.
WITH days AS (
    SELECT unnest($days) AS day
),

captures AS (
    SELECT fetch_date, count(*) AS n, bit_xor(hash(fetch_id)) AS ids
    FROM raw.fetches
    GROUP BY fetch_date
),

extractions AS (
    SELECT fetch_date, count(DISTINCT concat_ws('-', fetch_id, reading_no)) AS n
    FROM ops.extractions
    WHERE extractor_version = $extractor_version
    GROUP BY fetch_date
),

versions AS (
    SELECT
        v.fetch_date,
        count(*) AS n,
        count(*) FILTER (WHERE v.valid_to IS NULL) AS current_n,
        count(r.article_id) AS recognised
    FROM article_versions AS v
    LEFT JOIN ops.recognitions AS r
        ON v.article_id = r.article_id AND v.version = r.version AND r.recognizer_version = $recognizer_version
    GROUP BY v.fetch_date
),

-- What people decided about a day's rows, and what is to be read again for it.
decisions AS (
    SELECT
        q.fetch_date,
        count(DISTINCT d.decision_id) AS n,
        count(DISTINCT d.decision_id) FILTER (WHERE d.withdrawn_at IS NOT NULL) AS withdrawn
    FROM ops.row_decisions AS d
    JOIN ops.quarantine AS q ON d.row_key IN (q.row_key, q.fetch_id)
    GROUP BY q.fetch_date
),

due AS (
    SELECT fetch_date, count(*) AS n
    FROM ops.due_readings
    GROUP BY fetch_date
),

-- Runs that were killed: their day is tried again, three times at most.
cut_short AS (
    SELECT partition_key, least(count(*), 3) AS n
    FROM ops.runs
    WHERE status IN ('started', 'interrupted')
    GROUP BY partition_key
)

SELECT
    d.day,
    concat_ws('-', c.n, c.ids, e.n, v.n, v.current_n, v.recognised, k.n, x.n, x.withdrawn, u.n) AS state
FROM days AS d
LEFT JOIN captures AS c ON d.day = c.fetch_date
LEFT JOIN extractions AS e ON d.day = e.fetch_date
LEFT JOIN versions AS v ON d.day = v.fetch_date
LEFT JOIN cut_short AS k ON d.day = k.partition_key
LEFT JOIN decisions AS x ON d.day = x.fetch_date
LEFT JOIN due AS u ON d.day = u.fetch_date
ORDER BY d.day;

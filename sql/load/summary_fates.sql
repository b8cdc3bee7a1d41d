-- Captures taken in, or given their fate, by the runs in the variable run_ids: how many of each fate and reason.
-- waiting: of a day that is not in the variable days, so that none of the runs was to work on it.
WITH worked_on AS (
    SELECT fetch_id
    FROM raw.fetches
    WHERE list_contains(getvariable('run_ids'), run_id)
    UNION
    SELECT fetch_id
    FROM ops.extractions
    WHERE list_contains(getvariable('run_ids'), run_id)
),

latest AS (
    SELECT *
    FROM ops.extractions
    QUALIFY row_number() OVER (PARTITION BY fetch_id ORDER BY extracted_at DESC, extractor_version DESC) = 1
)

SELECT
    CASE
        WHEN l.outcome IS NOT NULL THEN l.outcome
        WHEN list_contains(getvariable('days'), f.fetch_date) THEN 'pending'
        ELSE 'waiting'
    END AS fate,
    string_split(l.outcome_reason, ':')[1] AS reason,
    count(*) AS captures
FROM worked_on AS w
JOIN raw.fetches AS f ON w.fetch_id = f.fetch_id
LEFT JOIN latest AS l ON w.fetch_id = l.fetch_id
GROUP BY ALL
ORDER BY fate, captures DESC, reason;

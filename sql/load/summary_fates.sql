-- Captures taken in, or given their fate, by the runs in the variable run_ids: how many of each fate and reason.
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
    coalesce(l.outcome, 'pending') AS fate,
    string_split(l.outcome_reason, ':')[1] AS reason,
    count(*) AS captures
FROM worked_on AS w
LEFT JOIN latest AS l ON w.fetch_id = l.fetch_id
GROUP BY ALL
ORDER BY fate, captures DESC, reason;

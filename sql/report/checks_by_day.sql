-- How many checks of each day passed, failed or broke?
SELECT
    date_trunc($unit, partition_key)::DATE AS day,
    CASE
        WHEN status = 'failed' AND severity = 'critical' THEN 'failed, critical'
        WHEN status = 'failed' THEN 'failed, not critical'
        ELSE status
    END AS outcome,
    count(*) AS checks
FROM mart.quality_today
WHERE partition_key BETWEEN $first AND $last
GROUP BY ALL
ORDER BY day, outcome;

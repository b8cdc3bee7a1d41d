-- Which sources went quiet?
-- Sources that gave less than their own days before let expect. silent_days counts from the last day on which something
-- came to the day asked for; status judges that day: lost (less than even its quietest days), low, as usual or not
-- judged (too few days to learn from). Sources of sources.yaml and hosts; the longest silent first.
-- topic: outlets
-- $day date = (SELECT max(day) FROM ops.source_days): the day asked for.
-- $unusual_only boolean = FALSE: those that are as usual, or not judged, are left out.
WITH given AS (
    SELECT
        $day::DATE AS day,
        $unusual_only::BOOLEAN AS unusual_only
),

last_documents AS (
    SELECT d.source_id, max(d.day) AS last_day
    FROM ops.source_days AS d
    CROSS JOIN given AS g
    WHERE d.measure = 'volume' AND d.value > 0 AND d.day <= g.day
    GROUP BY d.source_id
)

SELECT
    coalesce(s.name, l.source_id) AS source,
    l.last_day,
    g.day - l.last_day AS silent_days,
    coalesce(q.documents, 0)::BIGINT AS documents,
    q.usual_documents AS usual,
    q.low_documents AS low,
    coalesce(q.volume_status, 'not judged') AS status,
    q.volume_reason AS reason,
    l.source_id
FROM last_documents AS l
CROSS JOIN given AS g
LEFT JOIN mart.source_quality AS q ON l.source_id = q.source_id AND g.day = q.day
LEFT JOIN sources AS s ON l.source_id = s.source_id
WHERE NOT g.unusual_only OR coalesce(q.volume_status, 'not judged') IN ('lost', 'low')
ORDER BY silent_days DESC, status = 'lost' DESC, status = 'low' DESC, l.source_id;

-- Days with work to do for the present code. Parameters: $extractor_version, $recognizer_version.
-- Captures that no version has worked on; those derived by another version only where it would be derived again
-- (see pending_captures.sql); article versions that this recognizer version has not read (see pending_texts.sql).
WITH latest AS (
    SELECT fetch_id, fetch_date, extractor_version
    FROM ops.extractions
    WHERE article_id IS NOT NULL AND outcome <> 'quarantined'
    QUALIFY row_number() OVER (
        PARTITION BY article_id
        ORDER BY fetched_at DESC, fetch_id DESC, extracted_at DESC
    ) = 1
),

never_kept AS (
    SELECT fetch_id, fetch_date, max_by(extractor_version, extracted_at) AS extractor_version
    FROM ops.extractions
    GROUP BY fetch_id, fetch_date
    HAVING bool_and(article_id IS NULL OR outcome = 'quarantined')
)

SELECT f.fetch_date AS day
FROM raw.fetches AS f
WHERE NOT EXISTS (SELECT 1 FROM ops.extractions AS e WHERE e.fetch_id = f.fetch_id)
UNION
SELECT l.fetch_date
FROM latest AS l
WHERE l.extractor_version <> $extractor_version
UNION
SELECT n.fetch_date
FROM never_kept AS n
WHERE n.extractor_version NOT IN ($extractor_version, 'none')
UNION
SELECT v.fetch_date
FROM article_versions AS v
LEFT JOIN ops.recognitions AS r
    ON v.article_id = r.article_id AND v.version = r.version AND r.recognizer_version = $recognizer_version
WHERE r.article_id IS NULL AND v.valid_to IS NULL
UNION
SELECT v.fetch_date
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
WHERE m.referent_id IS NULL
UNION
SELECT r.fetch_date
FROM ops.rereadings AS r
WHERE r.extractor_version = $extractor_version
UNION
-- A run that was cut short after its last write still owes its checks and its publish.
SELECT partition_key
FROM ops.runs
GROUP BY partition_key
HAVING max_by(status, started_at) IN ('started', 'interrupted')
ORDER BY day;

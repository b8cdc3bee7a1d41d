-- Days with work to do for the present code. Parameters: $extractor_version, $recognizer_version.
-- Captures that no version has worked on; those derived by another version only where it would be derived again
-- (see pending_captures.sql); article versions that this recognizer version has not read (see pending_texts.sql). And
-- what people decided about rows in quarantine.
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
SELECT u.fetch_date
FROM ops.due_readings AS u
UNION
-- Drops that were made, or taken back, and have not reached the fates of captures.
SELECT f.fetch_date
FROM (
    SELECT row_key, bool_or(withdrawn_at IS NULL) AS is_dropped
    FROM ops.row_decisions
    WHERE decision = 'drop'
    GROUP BY row_key
) AS d
JOIN raw.fetches AS f ON d.row_key = f.fetch_id
WHERE
    d.is_dropped <> EXISTS (
        SELECT 1 FROM ops.extractions AS e
        WHERE e.fetch_id = d.row_key AND e.outcome = 'skipped' AND starts_with(e.outcome_reason, 'dropped: ')
    )
UNION
-- Rows in the warehouse that were released from a rule, or no longer are, since their day was audited.
SELECT q.fetch_date
FROM ops.row_decisions AS d
JOIN ops.quarantine AS q ON d.asset_key = q.asset_key AND d.row_key = q.row_key AND d.reason = q.reason
WHERE
    d.decision = 'release' AND q.effect <> 'held' AND q.fetch_date IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM ops.audits AS a
        WHERE
            a.asset_key = q.asset_key AND a.partition_key = q.fetch_date
            AND a.confirmed_at >= coalesce(d.withdrawn_at, d.decided_at)
    )
UNION
-- A run that was cut short after its last write still owes its checks and its publish.
SELECT partition_key
FROM ops.runs
GROUP BY partition_key
HAVING max_by(status, started_at) IN ('started', 'interrupted')
ORDER BY day;

CREATE OR REPLACE VIEW mart.capture_fates AS
WITH latest AS (
    SELECT *
    FROM ops.extractions
    -- A later reading that gave the same (same_reading) is not what became of a capture.
    QUALIFY
        row_number() OVER (
            PARTITION BY fetch_id
            ORDER BY outcome_reason IS NOT DISTINCT FROM 'same_reading', extracted_at DESC, extractor_version DESC
        ) = 1
)

SELECT
    f.fetch_id,
    f.source_id,
    f.fetch_date,
    f.fetched_at,
    f.kind,
    f.location,
    f.target_uri,
    f.payload_sha256,
    coalesce(l.outcome, 'pending') AS fate,
    CASE l.outcome
        WHEN 'quarantined' THEN concat_ws(': ', l.outcome_reason, f.outcome_reason)
        ELSE l.outcome_reason
    END AS reason,
    l.article_id
FROM raw.fetches AS f
LEFT JOIN latest AS l ON f.fetch_id = l.fetch_id;

COMMENT ON VIEW mart.capture_fates IS
'One row a capture: kept (as the article), quarantined, skipped or pending, and why. Nothing is lost.';

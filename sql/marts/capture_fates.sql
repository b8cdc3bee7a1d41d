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
COMMENT ON COLUMN mart.capture_fates.fetch_id IS 'Capture; references raw.fetches.';
COMMENT ON COLUMN mart.capture_fates.source_id IS 'Source that it came through; references sources.';
COMMENT ON COLUMN mart.capture_fates.fetch_date IS 'Day (UTC) of the capture.';
COMMENT ON COLUMN mart.capture_fates.fetched_at IS 'When it was captured.';
COMMENT ON COLUMN mart.capture_fates.kind IS 'How it arrived: file, warc, feed, sitemap, page or feed_entry.';
COMMENT ON COLUMN mart.capture_fates.location IS 'Where the bytes were read, relative to the source.';
COMMENT ON COLUMN mart.capture_fates.target_uri IS 'Address of the page; NULL where a file came without one.';
COMMENT ON COLUMN mart.capture_fates.payload_sha256 IS 'SHA-256 of the archived bytes; NULL where nothing was archived.';
COMMENT ON COLUMN mart.capture_fates.fate IS 'kept (an article has this content), quarantined (held back by a rule), skipped (recorded, no article of its own) or pending (not read yet).';
COMMENT ON COLUMN mart.capture_fates.reason IS 'Why it was quarantined or skipped, as a code or the names of checks; NULL where kept or pending.';
COMMENT ON COLUMN mart.capture_fates.article_id IS 'Article that it belongs to; references articles. NULL where there is none.';

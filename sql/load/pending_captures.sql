-- Captures of a day that this extractor version has not derived: new ones, and, where the version is new, those held
-- or skipped before and the latest capture of each article (older ones would only rewrite history).
-- Parameters: $day, $extractor_version.
WITH latest AS (
    SELECT fetch_id
    FROM ops.extractions
    WHERE article_id IS NOT NULL AND outcome <> 'quarantined'
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY fetched_at DESC, fetch_id DESC) = 1
)

SELECT
    f.fetch_id,
    f.source_id,
    f.location,
    coalesce(f.final_uri, f.target_uri) AS url,
    f.fetched_at,
    f.fetch_date,
    f.http_status,
    f.content_type,
    f.charset,
    f.payload_sha256,
    f.archive_path
FROM raw.fetches AS f
WHERE
    f.fetch_date = $day
    AND f.outcome = 'captured'
    AND NOT EXISTS (
        SELECT 1 FROM ops.extractions AS e
        WHERE e.fetch_id = f.fetch_id AND e.extractor_version = $extractor_version
    )
    AND NOT EXISTS (
        SELECT 1 FROM staging.articles AS s
        WHERE s.fetch_id = f.fetch_id AND s.extractor_version = $extractor_version
    )
    AND (
        NOT EXISTS (
            SELECT 1 FROM ops.extractions AS e
            WHERE e.fetch_id = f.fetch_id AND (e.article_id IS NOT NULL AND e.outcome <> 'quarantined')
        )
        OR f.fetch_id IN (SELECT l.fetch_id FROM latest AS l)
    )
ORDER BY f.fetched_at, f.fetch_id;

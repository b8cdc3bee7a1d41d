-- Revisits whose payload is known by now become captures of that payload, at their own time and address. It makes no
-- difference whether the capture that they refer to came before them, after them, or with a later import.
-- By digest across sources: a digest is kept only where it is that of the bytes. By address and time within the source
-- only, where one of the two has no digest: anybody can claim those.
CREATE OR REPLACE TEMPORARY TABLE resolved AS
WITH waiting AS (
    SELECT *
    FROM raw.fetches
    WHERE
        archive_path IS NULL AND outcome = 'captured'
        AND (payload_digest IS NOT NULL OR refers_to_uri IS NOT NULL)
),

matches AS (
    SELECT w.fetch_id, f.fetch_id AS original_id, TRUE AS by_digest
    FROM waiting AS w
    JOIN raw.fetches AS f ON w.payload_digest = f.payload_digest
    WHERE f.archive_path IS NOT NULL AND f.outcome = 'captured'
    UNION ALL
    SELECT w.fetch_id, f.fetch_id AS original_id, FALSE AS by_digest
    FROM waiting AS w
    JOIN raw.fetches AS f
        ON w.source_id = f.source_id AND w.refers_to_uri = f.target_uri AND w.refers_to_at = f.fetched_at
    WHERE
        f.archive_path IS NOT NULL AND f.outcome = 'captured'
        AND (w.payload_digest IS NULL OR f.payload_digest IS NULL)
)

SELECT
    w.fetch_id,
    w.fetch_date,
    f.payload_sha256,
    f.payload_bytes,
    f.archive_path,
    f.outcome_reason,
    -- 304 says that the payload did not change, not what became of the page.
    if(w.http_status = 304, f.http_status, coalesce(w.http_status, f.http_status)) AS http_status,
    coalesce(w.content_type, f.content_type) AS content_type,
    if(w.content_type IS NULL, f.charset, w.charset) AS charset,
    coalesce(w.etag, f.etag) AS etag,
    coalesce(w.last_modified, f.last_modified) AS last_modified
FROM matches AS m
JOIN waiting AS w ON m.fetch_id = w.fetch_id
JOIN raw.fetches AS f ON m.original_id = f.fetch_id
QUALIFY row_number() OVER (
    PARTITION BY m.fetch_id
    ORDER BY
        m.by_digest DESC,
        f.target_uri IS DISTINCT FROM coalesce(w.refers_to_uri, w.target_uri),
        f.fetched_at,
        f.fetch_id
) = 1;

UPDATE raw.fetches AS f
SET
    payload_sha256 = r.payload_sha256,
    payload_bytes = r.payload_bytes,
    archive_path = r.archive_path,
    http_status = r.http_status,
    content_type = r.content_type,
    charset = r.charset,
    etag = r.etag,
    last_modified = r.last_modified,
    outcome_reason = r.outcome_reason
FROM resolved AS r
WHERE f.fetch_id = r.fetch_id;

-- Skipped before for want of a payload: to be worked on now.
DELETE FROM ops.extractions
WHERE
    outcome = 'skipped' AND outcome_reason IN ('revisit', 'http_status_304')
    AND fetch_id IN (SELECT r.fetch_id FROM resolved AS r);

UPDATE raw.fetches
SET outcome_reason = 'revisit: the capture whose payload it found again is not known'
WHERE
    archive_path IS NULL AND outcome = 'captured' AND outcome_reason IS NULL
    AND (payload_digest IS NOT NULL OR refers_to_uri IS NOT NULL);

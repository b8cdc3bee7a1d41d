-- The fate of a day's captures that hold no page: what the web did not give, and the feeds and sitemaps themselves.
-- Parameters: $day, $run_id.
INSERT INTO ops.extractions BY NAME
SELECT
    f.fetch_id,
    f.fetch_date,
    f.fetched_at,
    f.payload_sha256,
    'none' AS extractor_version,
    'skipped' AS outcome,
    CASE f.outcome WHEN 'captured' THEN 'is_' || f.kind ELSE f.outcome_reason END AS outcome_reason,
    now() AS extracted_at,
    $run_id AS run_id -- noqa: AL09
FROM raw.fetches AS f
WHERE
    f.fetch_date = $day
    AND (f.outcome IN ('failed', 'refused') OR (f.outcome = 'captured' AND f.kind IN ('feed', 'sitemap')))
    AND NOT EXISTS (SELECT 1 FROM ops.extractions AS e WHERE e.fetch_id = f.fetch_id);

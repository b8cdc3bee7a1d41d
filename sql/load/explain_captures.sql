-- The captures of one article, or, of a page that is no article, those of its address: the newest first, each with
-- what became of it and the version that has its content.
-- Needs the view of latest_readings.sql.
-- Parameters: $article_id (NULL: no article), $fetch_id, $place (address or location; NULL: only $fetch_id).
WITH mine AS (
    SELECT e.fetch_id
    FROM ops.extractions AS e
    WHERE e.article_id = $article_id
    UNION
    SELECT v.fetch_id
    FROM article_versions AS v
    WHERE v.article_id = $article_id
    UNION
    SELECT f.fetch_id
    FROM raw.fetches AS f
    WHERE
        $article_id IS NULL
        AND (f.fetch_id = $fetch_id OR coalesce(f.final_uri, f.target_uri, f.location) = $place)
)

SELECT
    f.*,
    coalesce(l.outcome, 'pending') AS fate,
    l.outcome_reason AS fate_reason,
    l.extractor_version,
    l.extracted_at,
    l.article_id,
    (
        SELECT max(v.version)
        FROM article_versions AS v
        WHERE
            v.article_id = l.article_id AND v.content_sha256 = l.content_sha256 AND v.valid_from <= f.fetched_at
    ) AS version
FROM mine AS m
JOIN raw.fetches AS f ON m.fetch_id = f.fetch_id
LEFT JOIN latest_readings AS l ON f.fetch_id = l.fetch_id
ORDER BY f.fetched_at DESC, f.fetch_id;

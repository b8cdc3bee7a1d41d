-- What a person may have meant: articles and captures whose id begins with $needle, or that have one of $addresses.
-- One row a capture: the article it belongs to, as its latest extraction says, and whether that article has versions.
-- Needs the view of latest_readings.sql.
-- Parameters: $needle, $addresses (addresses and locations, exact).
WITH named AS (
    SELECT
        f.fetch_id,
        coalesce(l.article_id, v.article_id) AS article_id,
        coalesce(f.final_uri, f.target_uri, f.location) AS place,
        f.fetched_at,
        coalesce(v.version, 0) AS version,
        v.headline,
        coalesce(l.outcome, 'pending') AS fate,
        CASE
            WHEN f.fetch_id = $needle THEN 'fetch'
            WHEN coalesce(l.article_id, v.article_id) = $needle THEN 'article'
            WHEN
                list_contains($addresses, f.target_uri) OR list_contains($addresses, f.final_uri)
                OR list_contains($addresses, f.location)
                THEN 'address'
            WHEN list_contains($addresses, v.canonical_url) THEN 'canonical_address'
            WHEN starts_with(f.fetch_id, $needle) THEN 'fetch_prefix'
            WHEN starts_with(coalesce(l.article_id, v.article_id), $needle) THEN 'article_prefix'
        END AS matched
    FROM raw.fetches AS f
    LEFT JOIN latest_readings AS l ON f.fetch_id = l.fetch_id
    LEFT JOIN article_versions AS v ON f.fetch_id = v.fetch_id
)

SELECT
    n.*,
    n.article_id IN (SELECT a.article_id FROM article_versions AS a) AS has_versions
FROM named AS n
WHERE n.matched IS NOT NULL
ORDER BY n.fetched_at DESC, n.version DESC, n.fetch_id;

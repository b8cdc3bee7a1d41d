-- Sources that were asked and gave no article for longer than they should: silence counts from the last article to the
-- last time that they were asked, so that a pipeline that stood still makes no source quiet.
-- Parameters: $source_ids, $fresh_hours (of each, in the same order).
WITH expected AS (
    SELECT
        unnest($source_ids) AS source_id,
        unnest($fresh_hours) AS fresh_hours
),

asked AS (
    SELECT source_id, fetched_at AS asked_at
    FROM raw.fetches
    UNION ALL
    SELECT source_id, polled_at
    FROM raw.feeds
    WHERE polled_at IS NOT NULL
    UNION ALL
    SELECT source_id, checked_at
    FROM raw.pages
    WHERE checked_at IS NOT NULL
),

spans AS (
    SELECT source_id, min(asked_at) AS first_asked_at, max(asked_at) AS last_asked_at
    FROM asked
    GROUP BY source_id
),

articles_of AS (
    SELECT f.source_id, max(f.fetched_at) AS last_article_at
    FROM article_versions AS v
    JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
    GROUP BY f.source_id
)

SELECT
    e.source_id,
    e.fresh_hours,
    a.last_article_at,
    s.last_asked_at
FROM expected AS e
JOIN spans AS s ON e.source_id = s.source_id
LEFT JOIN articles_of AS a ON e.source_id = a.source_id
WHERE
    s.last_asked_at > coalesce(a.last_article_at, s.first_asked_at) + to_seconds(e.fresh_hours * 3600)
ORDER BY e.source_id;
